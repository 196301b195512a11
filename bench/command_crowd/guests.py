"""People who join and leave rooms by the product's commands."""

import itertools
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.conf import settings

from bench.command_crowd.asking import Asking
from rooms import commands
from spaces_project.kernel.ids import new_id
from spaces_project.presets import PRESETS

ROOMS: Final = 16
PEOPLE: Final = 8  # of each thread


def guests(threads: int) -> list[Asking]:
    """Open rooms; return for each thread what lets its people come and go, one event each time."""
    settings.PRESET = PRESETS["classic"]  # anybody may host
    rooms = [_open_room() for _ in range(ROOMS)]
    return [_coming_and_going(rooms, number) for number in range(threads)]


def _open_room() -> UUID:
    host = new_id()
    room_id = commands.open_room(host_id=host, title="A bench").entity_id
    commands.start(room_id=room_id, by=host)
    return room_id


def _coming_and_going(rooms: Sequence[UUID], number: int) -> Asking:
    people = [new_id() for _ in range(PEOPLE)]
    turns = itertools.cycle(
        (command, rooms[(number + place) % len(rooms)], person)
        for command in (commands.join, commands.leave)
        for place, person in enumerate(people)
    )

    def ask() -> None:
        command, room_id, person = next(turns)
        command(room_id=room_id, account_id=person)

    return ask
