"""The policy table of sound: who may offer what, and whose session it is."""

import asyncio
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from media.operations import OPERATIONS
from media.stages import Stages
from rooms import queries
from rooms.domain.errors import RoomNotFound
from rooms.domain.stage import Stage
from spaces_project.kernel.ids import new_id, public
from spaces_project.policy.media import MEDIA
from spaces_project.policy.roles import ROLES
from spaces_project.presets import PRESETS
from tests.media.offers import an_offer
from tests.media.peers import Peer, a_node
from tests.policy.night import Night

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

FRAGMENT = "application/trickle-ice-sdpfrag"
TRICKLE = b"a=ice-ufrag:abcd\r\na=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\n"


@pytest.fixture(autouse=True)
def everybody_hosts(settings: Settings) -> None:
    settings.PRESET = PRESETS["classic"]


class Sound:
    """A node that knows the rooms of a night as the log tells them."""

    def __init__(self) -> None:
        self.night = Night()
        self.folds = {each: queries.stage_now(each) for each in self.night.rooms.values()}
        self.feed: Any = SimpleNamespace(stages=Stages(self._stage_now))

    def _stage_now(self, room_id: UUID) -> Stage:
        if room_id not in self.folds:
            raise RoomNotFound
        return self.folds[room_id]

    def peer(self, node: Any, role: str) -> Peer:
        """Return somebody at the node, nobody with a token if anonymous."""
        peer = Peer(node, self.night.people.get(role, new_id()), self.night.rooms["room"])
        if role == "anonymous":
            peer.headers = {}
        return peer

    async def offer(self, peer: Peer, path: str) -> tuple[str, str]:
        """Return the status of an offer, and the session's id if there is one."""
        direction = "sendonly" if path.endswith("whip") else "recvonly"
        offer = an_offer(direction=direction)
        status, _, headers = await peer.post(f"/api/v1/{path}", offer)
        return str(status), headers.get("Location", "").rpartition("/")[2]

    async def ask(self, node: Any, row: str, role: str) -> str:
        """Ask for one row as one role; return the status."""
        method, path = row.split(" ")
        peer, room = self.peer(node, role), self.night.filled("rooms/{room}")
        if method == "POST":
            return (await self.offer(peer, self.night.filled(path)))[0]
        if method == "GET":
            speaker = self.peer(node, "speaker")
            listed = (await speaker.request("GET", f"/api/v1/{room}/hls/live.m3u8"))[1]
            segment = next(line for line in listed.splitlines() if line.endswith(".m4s"))
            address = path.replace("{segment}.m4s", segment)
            return str((await peer.request("GET", f"/api/v1/{self.night.filled(address)}"))[0])
        owner = peer if "{own}" in path else self.peer(node, "speaker")
        session = (await self.offer(owner, f"{room}/whep"))[1] or public("ses", new_id())
        address = f"/api/v1/media/sessions/{session}"
        body = TRICKLE if method == "PATCH" else b""
        return str((await peer.request(method, address, body=body, kind=FRAGMENT))[0])


async def test_every_role_is_answered_as_the_table_says() -> None:
    sound = await asyncio.to_thread(Sound)
    wrong = {}
    async with a_node(sound.feed) as node:
        for row in MEDIA.rows:
            found = [await sound.ask(node, row, role) for role in ROLES]
            if found != MEDIA.rows[row].split():
                wrong[row] = " ".join(found)

    assert wrong == {}


def test_every_operation_of_sound_has_a_row() -> None:
    def shape(line: str) -> str:
        return line.partition("{")[0] + line.rpartition("}")[2]

    assert {shape(row) for row in MEDIA.rows} == {shape(line) for line in OPERATIONS}
