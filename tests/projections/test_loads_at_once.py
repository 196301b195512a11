"""Many threads load one room while it goes on: each gets a whole copy of its own."""

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from uuid import UUID

import pytest
from django.db import connections

from rooms import commands
from rooms.domain.room import Room
from spaces_project.kernel.log.event_log import EventLog, event_log
from spaces_project.kernel.refusals import Contended
from tests.projections.scenes import live_room, someone, topics

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

TURNS, LOADS, READERS = 40, 60, 3


def in_threads(*works: Callable[[], None]) -> list[Exception]:
    """Run everything side by side; return what was raised."""
    raised: list[Exception] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is one too many
            raised.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def replayed(room_id: UUID, version: int) -> Room:
    """Return the room as the log alone makes it; nothing that was kept helps."""
    return event_log().fill(Room(room_id), version=version)


def test_loads_and_appends_at_once_never_break_and_never_give_half_a_room() -> None:
    ana = someone("ana")
    room = live_room(ana)
    loaded: list[Room] = []
    over = Event()

    def press() -> None:
        try:
            for turn in [commands.unmute, commands.mute] * TURNS:
                with suppress(Contended):
                    turn(room_id=room, account_id=ana, by=ana)
        finally:
            over.set()

    def look() -> None:
        while not over.is_set():
            loaded.append(event_log().load(Room, room))

    assert in_threads(press, press, *[look] * READERS) == []
    assert topics(room).count("SpeakerUnmuted") > 1
    assert len({known.version for known in loaded}) > 1
    as_stored = {known.version: vars(replayed(room, known.version)) for known in loaded}
    for known in loaded:
        assert vars(known) == as_stored[known.version]


def test_a_room_that_is_loaded_again_is_never_older() -> None:
    ana = someone("ana")
    room = live_room(ana)
    versions: list[int] = []

    def press() -> None:
        for _ in range(TURNS):
            commands.unmute(room_id=room, account_id=ana, by=ana)
            commands.mute(room_id=room, account_id=ana, by=ana)

    def look() -> None:
        versions.extend(event_log().load(Room, room).version for _ in range(LOADS))

    assert in_threads(press, look) == []
    assert versions == sorted(versions)


def test_what_a_caller_does_to_a_copy_stays_there() -> None:
    ana = someone("ana")
    room = live_room(ana)
    first = event_log().load(Room, room)
    first.seats.clear()
    first.title = "Coffee"
    second = event_log().load(Room, room)

    assert (list(second.seats), second.title) == ([ana], "Tea")


def test_another_log_with_nothing_kept_loads_the_same() -> None:
    ana = someone("ana")
    room = live_room(ana)
    for _ in range(2):
        commands.unmute(room_id=room, account_id=ana, by=ana)
        commands.mute(room_id=room, account_id=ana, by=ana)

    assert vars(EventLog().load(Room, room)) == vars(event_log().load(Room, room))
