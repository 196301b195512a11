"""A viewer is warned of a speaker whom he or she has blocked, and nobody else is."""

import asyncio

import pytest

from accounts import commands as accounts
from accounts import queries as people
from rooms import commands as rooms
from spaces_project.kernel.ids import public
from tests.consumers.sockets import Socket, Talk
from tests.kernel.jars import eventually
from tests.kernel.processes import Person, Web, somebody

pytestmark = [pytest.mark.databases]

SEEN_WITHIN_S = 30.0


class Stalls:
    """Bo has blocked Cy; both are inside, and so is Di."""

    def __init__(self) -> None:
        self.talk = Talk()
        self.bo, self.cy, self.di = somebody("Bo"), somebody("Cy"), somebody("Di")
        for who in (self.bo, self.cy, self.di):
            self.talk.join(who)
        bo, cy = self.bo.account_id, self.cy.account_id
        accounts.block(blocker_id=bo, blocked_id=cy)
        assert eventually(lambda: people.has_blocked(bo, cy), SEEN_WITHIN_S)

    def promote(self, who: Person) -> None:
        rooms.promote_speaker(
            room_id=self.talk.room_id, account_id=who.account_id, by=self.talk.host.account_id
        )

    @property
    def warning(self) -> dict[str, str]:
        account_id = public("acc", self.cy.account_id)
        return {"type": "warning", "code": "blocked-speaker", "account_id": account_id}


async def test_who_blocked_a_speaker_is_warned_when_the_seat_is_taken(web: Web) -> None:
    stalls = await asyncio.to_thread(Stalls)
    bo = await Socket.enter(web, stalls.talk, stalls.bo)
    di = await Socket.enter(web, stalls.talk, stalls.di)
    for one in (bo, di):
        assert (await one.read_until(type="snapshot"))["state"]["viewer"]["warnings"] == []
    await asyncio.to_thread(stalls.promote, stalls.cy)

    assert await bo.read_until(type="warning") == stalls.warning
    await asyncio.to_thread(stalls.talk.go_on, 3)  # whatever Di hears until then is no warning
    last = stalls.talk.events()[-1][0]
    while (frame := await di.read()).get("seq") != last:
        assert frame["type"] != "warning"
    for one in (bo, di):
        await one.close()


async def test_a_snapshot_and_a_resume_warn_too(web: Web) -> None:
    stalls = await asyncio.to_thread(Stalls)
    await asyncio.to_thread(stalls.promote, stalls.cy)
    fresh = await Socket.enter(web, stalls.talk, stalls.bo)
    snapshot = await fresh.read_until(type="snapshot")
    again = await Socket.enter(web, stalls.talk, stalls.bo, after=snapshot["seq"] - 1)
    told = {name: word for name, word in stalls.warning.items() if name != "type"}

    assert snapshot["state"]["viewer"]["warnings"] == [told]
    assert await again.read_until(type="warning") == stalls.warning
    room = f"/api/v1/rooms/{stalls.talk.public_id}"

    def are_warned() -> bool:
        bo, di = (web.ask("GET", room, who=who).json for who in (stalls.bo, stalls.di))
        return bool(bo["viewer"]["warnings"] == [told] and di["viewer"]["warnings"] == [])

    assert await asyncio.to_thread(eventually, are_warned, SEEN_WITHIN_S)
    await again.close()
