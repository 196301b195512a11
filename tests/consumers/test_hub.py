"""The hub by itself, without a network or a log: races, and what cannot be told."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from accounts.events import Blocked
from rooms import familiar
from rooms import hub as hubs
from rooms.announcements import Announcement, announce
from rooms.channel import RoomChannel
from rooms.consumers import RoomSocket
from rooms.domain.events import RoomStarted
from rooms.domain.stage import Card, Stage
from rooms.domain.words import AudiencePolicy, RoomState
from rooms.elsewhere import OnePlace
from rooms.hub import RoomHub
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.signals import Exchange
from spaces_project.kernel.sockets import close_codes
from spaces_project.kernel.sockets.connection import SocketConnection
from tests.consumers.test_connections import ANA, BO, connected, written

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Loop:
    """Calls at once what belongs on the loop."""

    def call_soon_threadsafe(self, call: Callable[..., None], *facts: Any) -> None:
        call(*facts)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> RoomHub:
    """A hub that neither follows the log nor asks a database."""
    monkeypatch.setattr(familiar, "people_named", lambda _batch: {})
    made: Any = RoomHub.__new__(RoomHub)
    made._loop, made.channels, made._waiting, made._opening = Loop(), {}, {}, {}
    made._familiar = familiar.Familiar()
    made._one_place = OnePlace(made.channels, Exchange(), made._loop)
    hub: RoomHub = made
    return hub


def opened(hub: RoomHub, host_id: UUID = BO) -> RoomChannel:
    stage = Stage(uuid4(), state=RoomState.LIVE)
    stage.card = Card(host_id, "Tea", "", [], 10, NOON)
    channel = hub.channels[stage.room_id] = RoomChannel(stage)
    channel.guests = 1
    return channel


def started(channel: RoomChannel, seq: int = 1) -> Recorded:
    happened = RoomStarted(originator_id=channel.stage.room_id, originator_version=seq, at=NOON)
    return Recorded(seq, channel.stage.room_id, seq, happened)


def codes(connection: SocketConnection) -> list[int]:
    return list(connection.protocol.codes)


def test_a_room_that_opens_while_the_feed_asks_is_open(hub: RoomHub) -> None:
    channel = opened(hub)
    room_id = channel.stage.room_id

    class Opening(dict[UUID, RoomChannel]):
        """The loop's thread finishes while the feed's looks for the room."""

        def __contains__(self, asked: object) -> bool:
            found = super().__contains__(asked)
            self[room_id] = channel
            hub._waiting.pop(room_id, None)
            return found

    hub._waiting = {room_id: []}
    hub.channels = Opening()

    hub._on_batch([started(channel)])

    assert hub._waiting.get(room_id) or channel.head == 1


def test_an_event_that_cannot_be_told_stops_its_room_only(
    hub: RoomHub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    poisoned, sound = opened(hub), opened(hub)
    one, other = connected(poisoned), connected(sound)

    def told(recorded: Recorded, names: Any) -> Announcement:
        if recorded.room_id == poisoned.stage.room_id:
            raise ValueError
        return announce(recorded, names)

    monkeypatch.setattr(hubs, "announce", told)
    hub._on_batch([started(poisoned), started(sound)])

    assert codes(one) == [close_codes.RESTART]
    assert list(hub.channels.values()) == [sound]
    assert b"room.started" in written(other)
    assert "the event at 1 cannot be told" in caplog.text


def test_a_room_that_cannot_be_folded_does_not_keep_others_from_going_on(hub: RoomHub) -> None:
    broken, sound = opened(hub), opened(hub)
    one, other = connected(broken), connected(sound)
    broken.stage.seq = 7  # the next event is refused

    hub._on_batch([started(broken), started(sound)])

    assert codes(one) == [close_codes.RESTART]
    assert b"room.started" in written(other)


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_that_come_at_once_the_newer_stays(hub: RoomHub, first: int) -> None:
    channel = opened(hub)
    both = [connected(channel), connected(channel)]
    for one in both:
        one.live = False

    hub.join(channel, both[first])
    hub.join(channel, both[1 - first])

    assert [codes(one) for one in both] == [[close_codes.ELSEWHERE], []]


async def test_when_nobody_knows_who_may_stay_all_are_asked_again(
    hub: RoomHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = opened(hub)
    channel.stage.audience_policy = AudiencePolicy.FOLLOWERS
    one = connected(channel)

    async def lost(*_: object) -> bool:
        raise ConnectionError

    monkeypatch.setattr(hub, "admits", lost)
    await hub._look_again(channel, channel.connections)

    assert codes(one) == [close_codes.RESTART]
    assert hub.channels == {}


async def test_who_is_blocked_on_the_way_in_does_not_get_in(
    hub: RoomHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The block is stored right after the log was asked, before the socket follows the room."""
    channel = opened(hub, host_id=BO)
    met = connected(channel, who=ANA)
    channel.connections.clear()
    socket: Any = RoomSocket()
    socket.protocol = met.protocol

    async def not_yet(host_id: UUID, account_id: UUID) -> bool:
        hub._shut_out(Blocked(at=NOON, blocker_id=host_id, blocked_id=account_id))
        return False

    async def who() -> tuple[Any, Any]:
        return SimpleNamespace(epoch=None, after=0), met.identity

    class Ended:
        async def get(self) -> None:
            return None

    met.protocol.inbox = Ended()
    monkeypatch.setattr(hub, "is_blocked", not_yet)
    monkeypatch.setattr("rooms.consumers.room_hub", lambda: hub)
    monkeypatch.setattr(socket, "authenticate", who)
    monkeypatch.setattr(socket, "_room_id", lambda: channel.stage.room_id)
    await socket.serve()

    assert codes(socket.connection) == [close_codes.NOT_FOUND]


@pytest.mark.parametrize("concerns", [None, ANA])
def test_what_is_private_is_not_told_to_everybody(
    hub: RoomHub, monkeypatch: pytest.MonkeyPatch, concerns: UUID | None
) -> None:
    channel = opened(hub)
    ana, guest = connected(channel, who=ANA), connected(channel, who=UUID(int=3))
    words = Announcement({"type": "full"}, {"type": "public"}, concerns)
    monkeypatch.setattr(hubs, "announce", lambda *_: words)

    hub._on_batch([started(channel)])

    assert (b"full" in written(ana)) == (concerns == ANA)
    assert b"full" not in written(guest)
    assert b"public" in written(guest)
