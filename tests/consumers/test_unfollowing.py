"""Who follows a host no more does not look into a room for followers any more."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from accounts.events import Unfollowed
from rooms.domain.words import AudiencePolicy
from rooms.hub import RoomHub
from spaces_project.kernel.sockets import close_codes
from tests.consumers.test_connections import ANA, BO, connected
from tests.consumers.test_hub import codes, hub, opened

__all__ = ["hub"]

CY, DI = UUID(int=3), UUID(int=4)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def test_who_follows_the_host_no_more_asks_again_where_that_counts(
    hub: RoomHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: Any = hub
    made._tasks = set()
    open_to_all, others, his = opened(hub), opened(hub, host_id=CY), opened(hub)
    for channel in (others, his):
        channel.stage.audience_policy = AudiencePolicy.FOLLOWERS
    sockets = [connected(channel, who=ANA) for channel in (open_to_all, others, his)]
    another = connected(his, who=DI)

    async def no_follower(*_: Any) -> bool:
        return False

    monkeypatch.setattr(hub, "in_thread", no_follower)
    happened = Unfollowed(at=NOON, follower_id=ANA, followee_id=BO)
    hub._on_batch([SimpleNamespace(event=happened, room_id=None)])  # type: ignore[list-item]
    for task in list(made._tasks):
        await task

    assert [codes(each) for each in sockets] == [[], [], [close_codes.FORBIDDEN]]
    assert codes(another) == []


async def test_who_is_inside_stays_without_following(
    hub: RoomHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: Any = hub
    made._tasks = set()
    channel = opened(hub)
    channel.stage.audience_policy = AudiencePolicy.FOLLOWERS
    channel.stage.present = {ANA: NOON}
    one = connected(channel, who=ANA)
    monkeypatch.delattr(RoomHub, "in_thread")  # nobody needs to ask

    hub._shut_out(Unfollowed(at=NOON, follower_id=ANA, followee_id=BO))
    for task in list(made._tasks):
        await task

    assert codes(one) == []
