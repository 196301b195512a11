"""What a room looks like from outside: one shape for REST and sockets, whatever it is made from."""

from rooms.snapshots.people import (
    Names,
    render_hand,
    render_participant,
    render_person,
    render_removal,
    render_seat,
)
from rooms.snapshots.room import people_in, render
from rooms.snapshots.viewer import BLOCKED_SPEAKER

__all__ = [
    "BLOCKED_SPEAKER",
    "Names",
    "people_in",
    "render",
    "render_hand",
    "render_participant",
    "render_person",
    "render_removal",
    "render_seat",
]
