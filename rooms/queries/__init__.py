"""Every question that rooms answer: from the tables (now) or from the log (then)."""

from accounts import queries as accounts
from rooms.queries.deadlines import DEADLINES, END_EMPTY, deadline
from rooms.queries.lists import (
    empty_rooms,
    host_of,
    live_rooms,
    open_rooms_hosted_by,
    room_where_on_stage,
)
from rooms.queries.log import events_of, last_seq, seq_at, stage_at, stage_now, takes_part
from rooms.queries.one_room import open_to_all, room, room_inside, with_relation
from rooms.queries.people import (
    followed_by,
    hands,
    listener_count,
    names_of,
    names_of_removed,
    participants,
    place_of,
    removed,
    whoever_takes_part,
)
from rooms.queries.rows import views
from rooms.rows import DIRECTORY

__all__ = [
    "DEADLINES",
    "END_EMPTY",
    "READ_MODELS",
    "deadline",
    "empty_rooms",
    "events_of",
    "followed_by",
    "hands",
    "host_of",
    "last_seq",
    "listener_count",
    "live_rooms",
    "names_of",
    "names_of_removed",
    "open_rooms_hosted_by",
    "open_to_all",
    "participants",
    "place_of",
    "removed",
    "room",
    "room_inside",
    "room_where_on_stage",
    "seq_at",
    "stage_at",
    "stage_now",
    "takes_part",
    "views",
    "whoever_takes_part",
    "with_relation",
]

# Whom the viewer follows, or is blocked by, decides what is shown of a room.
READ_MODELS = (DIRECTORY, *accounts.READ_MODELS)
