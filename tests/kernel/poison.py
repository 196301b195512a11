"""E-10: a poison event stops its room's view, not the others."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar
from uuid import UUID

from django.db import connection

from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.following.dead_letters import parked_rooms
from spaces_project.kernel.following.positions import positions
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.following.read_model import ReadModel
from spaces_project.kernel.following.retries import retry
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import Recorded, event_log
from tests.kernel.jars import JarShut, MarbleAdded, add, as_owner, stored

POISON = "arsenic, said Ana"  # as if it stood in a payload


class Poisoned(Exception):
    """What a handler with a mistake raises."""


class Shelf(ReadModel):
    """One row for each marble; chokes on poison until somebody mends it."""

    name = "tests_shelf"
    tables = ("tests_shelf",)
    listen_to: ClassVar[tuple[type[DomainEvent], ...]] = (MarbleAdded, JarShut)

    def __init__(self, *, mended: bool = False) -> None:
        self.mended = mended

    def apply(self, recorded: Recorded) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO tests_shelf VALUES (%s, %s)",
                [recorded.room_id or recorded.event.originator_id, recorded.position],
            )
        if not self.mended and getattr(recorded.event, "colour", "") == POISON:
            raise Poisoned(f"no such colour: {POISON}")


@contextmanager
def shelf_table() -> Iterator[None]:
    """The table of marbles; no key forbids a second one."""
    with as_owner() as owner:
        owner.execute(
            "CREATE TABLE tests_shelf (place uuid, position bigint,"
            " nth bigint GENERATED ALWAYS AS IDENTITY)"
        )
    try:
        yield
    finally:
        with as_owner() as owner:
            owner.execute("DROP TABLE tests_shelf")


def follow(shelf: ReadModel, limit: int = 10) -> None:
    """Bring it to the end of the log."""
    while project(shelf, limit):
        pass


def on_shelf() -> dict[UUID, list[int]]:
    """Return the positions of each place, in the order in which they were applied."""
    found: dict[UUID, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT place, position FROM tests_shelf ORDER BY nth")
        for place, position in cursor.fetchall():
            found.setdefault(place, []).append(position)
    return found


def in_log() -> dict[UUID, list[int]]:
    """Return the positions of each place, as they should stand on the shelf."""
    found: dict[UUID, list[int]] = {}
    for each in stored():
        found.setdefault(each.room_id or each.event.originator_id, []).append(each.position)
    return found


def write(chance: random.Random, *, events: int, places: int, poisoned: int) -> dict[UUID, int]:
    """Write marbles into rooms, and jars outside of rooms; return where poison came first."""
    rooms = [new_id() for _ in range(places // 2)]
    everywhere = [*rooms, *(new_id() for _ in range(places - len(rooms)))]
    chosen = set(chance.sample(everywhere, poisoned))
    first: dict[UUID, int] = {}
    for number in range(events):
        place = chance.choice(everywhere)
        poison = place in chosen and number > events // 4 and place not in first
        colour = POISON if poison else "red"
        jar, room = (new_id(), place) if place in rooms else (place, None)
        position = add(jar_id=jar, room=room, colour=colour).position
        if poison:
            first[place] = position
    return first


def poison_stops_only_its_rooms(seed: int, *, events: int, places: int, poisoned: int) -> None:
    """Write, follow, look; mend, retry, look again."""
    first = write(random.Random(seed), events=events, places=places, poisoned=poisoned)
    follow(Shelf(), 100)
    shown, log = on_shelf(), in_log()

    assert len(first) == poisoned
    assert parked_rooms(Shelf.name) == set(first)
    assert positions()[Shelf.name] == event_log().head()
    for place, there in log.items():
        assert shown.get(place, []) == [p for p in there if p < first.get(place, p + 1)]
    passed_over = sum(map(len, log.values())) - sum(map(len, shown.values()))
    print(
        f"seed {seed}: {events} events in {len(log)} places, poison in {len(first)}; "
        f"{passed_over} passed over, all others shown"
    )
    assert retry(Shelf(mended=True)) == []
    assert on_shelf() == log
