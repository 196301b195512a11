"""When something happens to a room by itself, as its past and the rules of today have it.

Not kept anywhere: whoever raises a number moves what is due in rooms that live already. ``None``
where there is no reason.
"""

from datetime import datetime, timedelta

from rooms.domain.participation import Participation
from rooms.domain.room import Room
from rooms.domain.rules import Rules
from rooms.domain.stage import Stage
from rooms.domain.words import RoomState


def succession(room: Room, host: Participation, rules: Rules) -> datetime | None:
    """Return when the first co-host may take the place of a host who is not there."""
    if room.state is not RoomState.LIVE or host.present:
        return None
    return host.seat_kept_until or _since_start(room, rules.host_seat_kept_s)


def abandonment(room: Room, host: Participation, rules: Rules) -> datetime | None:
    """Return until when a room goes on without its host; if the host never came, from the start."""
    if room.state is not RoomState.LIVE or host.present:
        return None
    if host.dropped_at is None:
        return _since_start(room, rules.abandoned_room_s)
    return host.dropped_at + timedelta(seconds=rules.abandoned_room_s)


def emptiness(stage: Stage, rules: Rules) -> datetime | None:
    """Return until when a room may be empty; who came in must be readable."""
    if stage.state is not RoomState.LIVE or stage.empty_since is None or not stage.is_whole:
        return None
    return stage.empty_since + timedelta(seconds=rules.empty_room_s)


def warning(room: Room, rules: Rules) -> datetime | None:
    """Return when everybody is to be warned of the end, if nobody was."""
    end = longest(room, rules)
    if end is None or room.ending_at is not None:
        return None
    return end - timedelta(seconds=rules.end_warning_s)


def longest(room: Room, rules: Rules) -> datetime | None:
    """Return when a room has lasted as long as a room may."""
    return room.longest_until(rules) if room.state is RoomState.LIVE else None


def _since_start(room: Room, seconds: int) -> datetime:
    return (room.started_at or room.created_at) + timedelta(seconds=seconds)
