"""Encode a room's mix once, and once more for each who speaks."""

from typing import Final
from uuid import UUID

from media.audio.mixer import Mix
from media.audio.opus import SILENCE, OpusEncoder, Pcm, silence_frame

SETTLE_FRAMES: Final = 25  # 0.5 s of encoded silence; then a constant says the same


class RoomEncoder:
    """The common stream, and the streams of active speakers."""

    def __init__(self) -> None:
        self._common = OpusEncoder()
        self._own: dict[UUID, OpusEncoder] = {}
        self._silent_frames = SETTLE_FRAMES

    def encode(self, mix: Mix) -> tuple[bytes, dict[UUID, bytes]]:
        """Return the common payload and what each active speaker gets instead."""
        own = {each: self._encode_own(each, others) for each, others in mix.minus.items()}
        return self._encode_common(mix.common), own

    def forget(self, account_id: UUID) -> None:
        """Give back what one speaker's stream needed."""
        self._own.pop(account_id, None)

    def _encode_common(self, pcm: Pcm | None) -> bytes:
        self._silent_frames = self._silent_frames + 1 if pcm is None else 0
        if self._silent_frames > SETTLE_FRAMES:
            return SILENCE
        return self._common.encode(silence_frame() if pcm is None else pcm)

    def _encode_own(self, account_id: UUID, others: Pcm | None) -> bytes:
        if others is None:
            return SILENCE
        if account_id not in self._own:
            self._own[account_id] = OpusEncoder()
        return self._own[account_id].encode(others)
