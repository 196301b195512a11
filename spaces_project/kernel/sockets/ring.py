"""What stands in a ring: an event, encoded for those who may see all of it and for all others."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from spaces_project.kernel.sockets.connection import CHUNK_BYTES
from spaces_project.kernel.sockets.frames import redacted_frame

NOBODY: Final = UUID(int=0)
NUMBER_ONLY: Final = b""  # many of these in a row are told as one frame


@dataclass(frozen=True, slots=True)
class RingEntry:
    """One event, encoded: in full for some, in public words for all others.

    ``full_for`` holds who sees all of it; it is None where there is nothing to hide. ``full`` is
    None where nobody was there to see it: who comes later reads it from the log.
    """

    seq: int
    full: bytes | None
    public: bytes
    full_for: Collection[UUID] | None = None

    def frame_for(self, account_id: UUID) -> bytes | None:
        """Return the frame that somebody may see; None if only the log has it."""
        if self.full_for is None or account_id in self.full_for:
            return self.full
        return self.public

    def is_told_to(self, account_id: UUID) -> bool:
        """Tell whether the ring has what somebody may see."""
        return self.full is not None or self.frame_for(account_id) is not None


def chunks_for(entries: Iterable[RingEntry], account_id: UUID) -> Iterator[tuple[bytes, int]]:
    """Join somebody's frames to pieces that may wait in our memory; with each, its last seq."""
    return joined((entry.seq, entry.frame_for(account_id)) for entry in entries)


def joined(frames: Iterable[tuple[int, bytes | None]]) -> Iterator[tuple[bytes, int]]:
    """Join numbered frames to pieces; what is only a number goes as a range with the next frame.

    It ends before a frame that is not known.
    """
    chunk: list[bytes] = []
    size = told = hidden = last = 0
    for seq, frame in frames:
        if frame is None:
            break
        if frame == NUMBER_ONLY:
            hidden, last = hidden or seq, seq
            continue
        piece = redacted_frame(hidden, seq - 1) + frame if hidden else frame
        if chunk and size + len(piece) > CHUNK_BYTES:
            yield b"".join(chunk), told
            chunk, size = [], 0
        chunk.append(piece)
        size += len(piece)
        hidden = 0
        told = last = seq
    if hidden:
        chunk.append(redacted_frame(hidden, last))
    if chunk:
        yield b"".join(chunk), last
