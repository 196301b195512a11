"""What is due later in a room: policies that schedule, jobs that ask.

The commands decide again by the log, and change nothing before their time or when their reason is
gone. So a timer too many is harmless, and nobody ever needs to cancel one. One that comes before
its time, because a number was raised since, is set anew.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings

from rooms import commands, queries
from rooms.domain.due import is_due
from rooms.domain.errors import RoomIsOver, RoomNotFound
from rooms.domain.events import Dropped, HostHandedOver, InvitedToSpeak, RoomStarted
from spaces_project.kernel.clock import now
from spaces_project.kernel.following.read_model import Policy
from spaces_project.kernel.following.watch import Watch
from spaces_project.kernel.jobs import schedule
from spaces_project.kernel.log.event_log import Receipt, Recorded
from spaces_project.kernel.outages import passes

log = logging.getLogger(__name__)

_COMMANDS: Final[dict[str, Callable[..., Receipt]]] = {
    "rooms.expire_speak_invitation": commands.expire_speak_invitation,
    "rooms.lapse_seat": commands.lapse_seat,
    "rooms.succeed_host": commands.succeed_host,
    "rooms.end_abandoned": commands.end_abandoned,
    "rooms.end_empty": commands.end_empty,
    "rooms.announce_end": commands.announce_end,
    "rooms.end_overlong": commands.end_overlong,
}


def jobs() -> dict[str, Callable[..., None]]:
    """Return the tasks of rooms, by the names under which they wait."""
    return {name: _asking(name, command) for name, command in _COMMANDS.items()}


def _asking(task: str, command: Callable[..., Receipt]) -> Callable[..., None]:
    def ask(**ids: str) -> None:
        with suppress(RoomIsOver, RoomNotFound):
            if not _comes_too_early(task, ids):
                command(**{name: UUID(text) for name, text in ids.items()})

    return ask


def _comes_too_early(task: str, ids: dict[str, str]) -> bool:
    """Tell whether a timer came before its time, and set it anew then."""
    if task not in queries.DEADLINES:  # its time stands in an event, and no number moves it
        return False
    due = queries.deadline(task, UUID(ids["room_id"]))
    if due is None or is_due(due, now()):
        return False
    _set_anew(task, due, ids["room_id"])
    return True


def _set_anew(task: str, due: datetime, room_id: str) -> None:
    """Schedule what a room is due; several who find the same leave one job."""
    schedule(task, due, f"{task} {room_id} {due.isoformat()}", room_id=room_id)


class SetTimers(Policy):
    """Schedules what follows from an event at its time, unless something else comes first.

    From the beginning: a room that went live before there were timers ends in time, too.
    """

    name = "rooms.set_timers"
    listen_to = (InvitedToSpeak, Dropped, HostHandedOver, RoomStarted)
    from_the_beginning = True

    def react(self, recorded: Recorded) -> None:
        """Schedule; a deadline that is past by now comes at once."""
        rules, happened = settings.ROOM_RULES, recorded.event
        match happened:
            case InvitedToSpeak(account_id=account_id, expires_at=expires_at):
                _at(expires_at, "rooms.expire_speak_invitation", recorded, account_id)
            case Dropped(account_id=account_id, seat_kept_until=kept_until, at=at):
                _at(kept_until, "rooms.lapse_seat", recorded, account_id)
                _at(kept_until, "rooms.succeed_host", recorded)
                _at(_later(at, rules.abandoned_room_s), "rooms.end_abandoned", recorded)
            case HostHandedOver(at=at) | RoomStarted(at=at):  # to somebody who may not be there
                _at(_later(at, rules.host_seat_kept_s), "rooms.succeed_host", recorded)
                _at(_later(at, rules.abandoned_room_s), "rooms.end_abandoned", recorded)
        if isinstance(happened, RoomStarted):
            end = _later(happened.at, rules.longest_room_s)
            _at(_later(end, -rules.end_warning_s), "rooms.announce_end", recorded)
            _at(end, "rooms.end_overlong", recorded)


class WatchEmptyRooms(Watch):
    """Schedules the end of rooms in which nobody is.

    A look a second at the few that are empty, instead of one at every person who leaves.
    """

    name = "rooms.empty_rooms"
    every_s = 1.0

    def __init__(self) -> None:
        self._known: frozenset[tuple[UUID, int]] = frozenset()

    def look(self) -> None:
        """Ask the log since when each has been empty, and schedule.

        Whoever came and went between two looks has changed the seq: it is asked anew.
        """
        empty = frozenset(queries.empty_rooms())
        for room_id, _seq in empty - self._known:
            end = queries.deadline(queries.END_EMPTY, room_id)
            if end is not None:
                _set_anew(queries.END_EMPTY, end, str(room_id))
        self._known = empty


class WatchDeadlines(Watch):
    """Sets the timers of the rooms that live already, when it looks first.

    What was scheduled before goes by the numbers of then; they only change with a new process.
    """

    name = "rooms.deadlines"
    every_s = 1.0

    def __init__(self) -> None:
        self._has_looked = False

    def look(self) -> None:
        """Schedule what each live room is due by the numbers of now."""
        for room_id in () if self._has_looked else queries.live_rooms():
            try:
                _set_all_anew(room_id)
            except RoomNotFound:
                pass  # the tables may know more than is left of the log
            except Exception as error:
                if passes(error):
                    raise  # all rooms are looked at again, in a second
                log.exception("the deadlines of %s are as they were", room_id)
        self._has_looked = True


def _set_all_anew(room_id: UUID) -> None:
    for task in queries.DEADLINES:
        due = queries.deadline(task, room_id)
        if due is not None:
            _set_anew(task, due, str(room_id))


def _later(at: datetime, seconds: int) -> datetime:
    return at + timedelta(seconds=seconds)


def _at(at: datetime, task: str, recorded: Recorded, account_id: UUID | None = None) -> None:
    """Schedule a task; its key is the event's, so that a repetition schedules none."""
    ids = {"room_id": str(recorded.room_id)}
    if account_id is not None:
        ids["account_id"] = str(account_id)
    schedule(task, at, f"{task} {recorded.position}", **ids)
