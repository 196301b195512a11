"""What a room's sockets are told of reactions: the sum of all processes, once a second at most."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from rooms.domain.reactions import EMOJI
from spaces_project.kernel.sockets.frames import text_frame

EVERY_S: Final = 1.0
MOST_TOLD: Final = 10_000  # a sum that a forged or mad signal cannot exceed


class ReactionTeller:
    """Gathers what all processes say, for the rooms that are open here; on the event loop."""

    def __init__(self, send: Callable[[UUID, bytes], None]) -> None:
        self._send = send
        self._untold: dict[UUID, Counter[str]] = {}
        self._told_at: dict[UUID, float] = {}

    def hear(self, message: dict[str, Any]) -> None:
        """Take note of what was thrown, here or elsewhere."""
        counts = self._untold.setdefault(UUID(message["room"]), Counter())
        for emoji in EMOJI:
            counts[emoji] = min(MOST_TOLD, counts[emoji] + int(message["counts"].get(emoji, 0)))

    def tell(self, now: float) -> None:
        """Send what is due, one frame for each room."""
        for room_id in list(self._untold):
            if now - self._told_at.get(room_id, 0.0) >= EVERY_S:
                counts = {
                    emoji: count for emoji, count in self._untold.pop(room_id).items() if count
                }
                self._told_at[room_id] = now
                self._send(room_id, text_frame({"type": "reactions", "counts": counts}))
        for room_id in [r for r, at in self._told_at.items() if now - at > 2 * EVERY_S]:
            del self._told_at[room_id]
