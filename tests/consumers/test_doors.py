"""Who is asked at a room's door again, and who is sent away."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from rooms.channel import RoomChannel
from rooms.domain.events import (
    HostHandedOver,
    Joined,
    Left,
    ParticipationEvent,
    PoliciesChanged,
    SpeakInvitationExpired,
    Uninvited,
)
from rooms.domain.stage import Card, Stage
from rooms.domain.words import AudiencePolicy, RoomState, SpeakPolicy
from rooms.doors import who_asks_again
from rooms.hub import RoomHub
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.sockets import close_codes
from tests.consumers.test_connections import ANA, BO, connected
from tests.domain.scenes import NOON

CY = UUID(int=3)


class Quiet(RoomHub):
    """A hub that neither follows the log nor asks a database; nobody follows anybody."""

    def __init__(self) -> None:
        self.channels = {}
        self.asked: list[str] = []

    async def in_thread(self, work: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer at once, and note what was asked."""
        del args, kwargs
        self.asked.append(work.__name__)
        return {BO} if work.__name__ == "_blocked_by" else False


@pytest.fixture
def hub() -> Quiet:
    """A hub by itself."""
    return Quiet()


def channel_of(hub: Quiet, policy: AudiencePolicy) -> RoomChannel:
    stage = Stage(uuid4(), state=RoomState.LIVE, audience_policy=policy)
    stage.card = Card(ANA, "Tea", "", [], 10, NOON)
    channel = hub.channels[stage.room_id] = RoomChannel(stage)
    return channel


def about(kind: type[ParticipationEvent], who: UUID = BO) -> DomainEvent:
    return kind(at=NOON, account_id=who)


def test_a_new_policy_or_host_makes_everybody_ask_again(hub: Quiet) -> None:
    channel = channel_of(hub, AudiencePolicy.PUBLIC)
    both = [connected(channel, who=BO), connected(channel, who=CY)]
    policies = PoliciesChanged(
        at=NOON, audience_policy=AudiencePolicy.INVITED, speak_policy=SpeakPolicy.EVERYONE
    )
    host = HostHandedOver(at=NOON, account_id=BO, former_host_id=ANA, cause="handed_over")

    assert who_asks_again([policies], both) == both
    assert who_asks_again([about(Joined), host], both) == both


@pytest.mark.parametrize("kind", [Left, Uninvited, SpeakInvitationExpired])
def test_who_loses_what_let_him_in_asks_again_and_nobody_else(
    hub: Quiet, kind: type[ParticipationEvent]
) -> None:
    channel = channel_of(hub, AudiencePolicy.INVITED)
    bo, cy = connected(channel, who=BO), connected(channel, who=CY)

    assert who_asks_again([about(kind)], [bo, cy]) == [bo]
    assert who_asks_again([about(Joined)], [bo, cy]) == []


@pytest.mark.parametrize("policy", [AudiencePolicy.INVITED, AudiencePolicy.TICKET])
async def test_who_is_inside_a_room_that_narrows_stays_and_who_only_looks_goes(
    hub: Quiet, policy: AudiencePolicy
) -> None:
    channel = channel_of(hub, policy)
    channel.stage.present[BO] = NOON
    bo, cy = connected(channel, who=BO), connected(channel, who=CY)
    await hub._look_again(channel, [bo, cy])

    assert [one.protocol.codes for one in (bo, cy)] == [[], [close_codes.FORBIDDEN]]
    assert hub.asked == []


async def test_only_a_followers_room_asks_who_follows(hub: Quiet) -> None:
    channel = channel_of(hub, AudiencePolicy.FOLLOWERS)
    cy = connected(channel, who=CY)
    await hub._look_again(channel, [cy])

    assert cy.protocol.codes == [close_codes.FORBIDDEN]
    assert hub.asked == ["follows_now"]


async def test_whom_the_new_host_has_blocked_finds_no_room(hub: Quiet) -> None:
    channel = channel_of(hub, AudiencePolicy.PUBLIC)
    bo, cy = connected(channel, who=BO), connected(channel, who=CY)
    await hub._heed_new_host(channel)

    assert [one.protocol.codes for one in (bo, cy)] == [[close_codes.NOT_FOUND], []]


async def test_when_nobody_knows_whom_the_new_host_has_blocked_all_are_asked_again(
    hub: Quiet,
) -> None:
    channel = channel_of(hub, AudiencePolicy.PUBLIC)
    bo = connected(channel, who=BO)

    async def lost(*_: object) -> bool:
        raise ConnectionError

    hub.in_thread = lost  # type: ignore[method-assign, assignment]
    await hub._heed_new_host(channel)

    assert bo.protocol.codes == [close_codes.RESTART]
