"""What happens while a socket is on its way to the ring reaches it all the same."""

from typing import Any
from uuid import UUID

import orjson
import pytest

from accounts.queries import Blocks
from rooms import consumers
from rooms.consumers import RoomSocket
from rooms.domain.words import Role, Seat
from rooms.hub import RoomHub
from spaces_project.kernel.ids import public
from tests.consumers.test_connections import ANA, connected, written
from tests.consumers.test_hub import hub, opened

__all__ = ["hub"]

CY, DI, ED = (UUID(int=n) for n in (3, 4, 5))


@pytest.mark.parametrize("after", [None, 0])
async def test_whoever_takes_a_seat_while_one_comes_up_is_warned_of(
    hub: RoomHub, monkeypatch: pytest.MonkeyPatch, after: int | None
) -> None:
    """Cy sits there already, which the snapshot tells; Di takes a seat behind it."""
    channel = opened(hub)
    channel.stage.seats = {CY: Seat(Role.SPEAKER)}
    one = connected(channel, who=ANA)
    one.live, one.epoch = False, channel.epoch
    asked: list[set[UUID]] = []

    async def while_one_waits(*_: Any) -> tuple[int, dict[str, Any]]:
        channel.stage.seats[DI] = Seat(Role.SPEAKER)
        return 0, {}

    async def in_thread(query: Any, _me: UUID, others: set[UUID]) -> Blocks:
        assert query.__name__ == "blocks_between"
        asked.append(set(others))
        return Blocks(of=frozenset(others - {ED}), by=frozenset())

    monkeypatch.setattr(consumers, "snapshot_of", while_one_waits)
    monkeypatch.setattr(hub, "in_thread", in_thread)
    monkeypatch.setattr("rooms.presence.sockets.follows", lambda *_: None)
    socket: Any = RoomSocket()
    socket.hub = hub
    await socket._bring_up(channel, one, after)

    wanted = {DI} if after is None else {CY}
    assert asked == [wanted]
    (who,) = wanted
    assert orjson.dumps(public("acc", who)) in written(one)
    assert written(one).count(b'"warning"') == 1
