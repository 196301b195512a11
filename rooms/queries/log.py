"""What is asked of the log: a room as it was, and what happened in it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from rooms.domain.errors import RoomNotFound
from rooms.domain.room import Room
from rooms.domain.stage import Stage
from rooms.streams import participation
from spaces_project.kernel.log.event_log import EVERYTHING, Recorded, event_log
from spaces_project.kernel.log.snapshots import MILESTONE, WORTH_KEEPING


def stage_now(room_id: UUID) -> Stage:
    """Return a room as its whole history makes it.

    :raises RoomNotFound: if it has no history.
    """
    return stage_at(room_id, EVERYTHING)


def stage_at(room_id: UUID, seq: int) -> Stage:
    """Return a room as it was right after one of its events.

    It is folded from the snapshot or milestone before that; who passes the place of a milestone
    leaves one, so that each part of a long history is folded from far away once.

    :raises RoomNotFound: if it has no history.
    """
    snapshots = event_log().snapshot_store
    stage = snapshots.latest(Stage, room_id, until=seq) or Stage(room_id)
    known = stage.seq
    for recorded in event_log().history(room_id, after=known, until=seq):
        stage.apply(recorded.event, recorded.seq or 0)
        if stage.seq % MILESTONE == 0 and stage.is_whole:
            snapshots.keep(stage, room_id, at=stage.seq, key_id=room_id, is_milestone=True)
    if stage.seq == 0:
        raise RoomNotFound
    if stage.seq - known >= WORTH_KEEPING and stage.is_whole:
        snapshots.keep(stage, room_id, at=stage.seq, key_id=room_id)
    return stage


def seq_at(room_id: UUID, time: datetime) -> int:
    """Return the number of a room's newest event at a time; 0 before the first.

    Found by halving: events stand in the order of their storing, in which their times rise, but
    for moments in which two were decided at once.
    """
    first, behind = 0, last_seq(room_id) + 1
    while behind - first > 1:
        middle = (first + behind) // 2
        (found,) = event_log().read_room(room_id, after=middle - 1, until=middle)
        if found.event.at <= time:
            first = middle
        else:
            behind = middle
    return first


def events_of(room_id: UUID, after: int, limit: int) -> Sequence[Recorded]:
    """Return one page of a room's events behind a seq."""
    return event_log().read_room(room_id, after=after, limit=limit)


def last_seq(room_id: UUID) -> int:
    """Return the number of the room's newest event; 0 if there is no such room."""
    return event_log().recorder.last_seq(room_id)


def takes_part(room_id: UUID, account_id: UUID) -> bool:
    """Tell whether somebody is in a room or on its stage, from the log."""
    part = participation(room_id, account_id)
    return part.present or account_id in event_log().load(Room, room_id).seats
