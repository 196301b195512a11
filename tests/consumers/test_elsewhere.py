"""The same person twice: the newest socket stays, also where two processes have them."""

from typing import Any
from uuid import UUID

import pytest

from rooms.channel import RoomChannel
from rooms.domain.stage import Card, Stage
from rooms.domain.words import RoomState
from rooms.elsewhere import OnePlace
from spaces_project.kernel.signals import Exchange
from spaces_project.kernel.sockets.close_codes import ELSEWHERE
from spaces_project.kernel.sockets.connection import SocketConnection
from tests.consumers.crowds import NOON
from tests.consumers.test_connections import ANA, BO, connected

ROOM = UUID(int=7)


class Air(Exchange):
    """Signals between processes of a test, which arrive when the test lets them."""

    def __init__(self, others: list["Air"]) -> None:
        super().__init__()
        self.others = others
        self.late: list[tuple[str, dict[str, Any]]] = []
        self.lost = False

    @property
    def is_connected(self) -> bool:
        return True

    def publish(self, name: str, message: dict[str, Any]) -> None:
        for other in self.others:
            if not self.lost:
                other.late.append((name, message))

    def arrive(self) -> None:
        while self.late:
            self._tell(*self.late.pop(0))


class Process:
    """One process's channel of the room."""

    def __init__(self, air: list[Air]) -> None:
        self.air = Air([])
        for other in air:
            other.others.append(self.air)
            self.air.others.append(other)
        air.append(self.air)
        stage = Stage(ROOM, state=RoomState.LIVE)
        stage.card = Card(BO, "Tea", "", [], 10, NOON)
        self.channel = RoomChannel(stage)
        loop: Any = Loop()
        self.place = OnePlace({ROOM: self.channel}, self.air, loop)

    def comes(self, who: UUID = ANA) -> SocketConnection:
        connection = connected(self.channel, who=who)
        self.place.came(self.channel, connection)
        return connection


class Loop:
    """Calls at once what belongs on the loop."""

    def call_soon_threadsafe(self, call: Any, *facts: Any) -> None:
        call(*facts)


@pytest.fixture
def both() -> tuple[Process, Process]:
    air: list[Air] = []
    return Process(air), Process(air)


def settle(*processes: Process) -> None:
    while any(process.air.late for process in processes):
        for process in processes:
            process.air.arrive()


def codes(connection: SocketConnection) -> list[int]:
    found: list[int] = connection.protocol.codes
    return found


def test_the_newest_wins_in_one_process(both: tuple[Process, Process]) -> None:
    older, newer = both[0].comes(), both[0].comes()

    assert (codes(older), codes(newer)) == ([ELSEWHERE], [])


def test_the_newest_wins_in_another_process(both: tuple[Process, Process]) -> None:
    one, two = both
    older, someone_else = one.comes(), one.comes(BO)
    newer = two.comes()
    settle(one, two)

    assert (codes(older), codes(newer), codes(someone_else)) == ([ELSEWHERE], [], [])


def test_an_older_one_that_joins_later_learns_that_it_is_older(
    both: tuple[Process, Process],
) -> None:
    one, two = both
    older, newer = one.comes(), two.comes()
    one.air.late.clear()  # what two said came before the older one had joined
    settle(one, two)

    assert (codes(older), codes(newer)) == ([ELSEWHERE], [])


def test_what_was_lost_is_made_good_when_the_line_stands_again(
    both: tuple[Process, Process],
) -> None:
    one, two = both
    one.air.lost = two.air.lost = True
    older, newer = one.comes(), two.comes()
    settle(one, two)
    assert (codes(older), codes(newer)) == ([], [])

    one.air.lost = two.air.lost = False
    one.air._returned()
    two.air._returned()
    settle(one, two)

    assert (codes(older), codes(newer)) == ([ELSEWHERE], [])
