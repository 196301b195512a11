"""``GET rooms/{id}/at``: a room as it was is what a socket was shown then, for every seq."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from rooms import queries
from rooms.domain.stage import Stage
from rooms.moments import moment_of, render_moment
from spaces_project.kernel.authentication import issue_token
from spaces_project.kernel.clock import rfc3339
from spaces_project.kernel.ids import public
from spaces_project.kernel.log.event_log import event_log
from tests.consumers.sockets import PATIENCE_S, Socket, Talk
from tests.kernel.processes import Answer, Person, Web
from tests.kernel.whole_evening import WholeEvening

pytestmark = [pytest.mark.databases]

WATCHERS = ("ana", "bo", "cy", "ed")


def at(web: Web, evening: WholeEvening, who: Person, query: str) -> Answer:
    """Ask over REST for the room as it was."""
    room = public("room", evening.room_id)
    return web.ask("GET", f"/api/v1/rooms/{room}/at?{query}", who=who)


class Watcher:
    """Somebody who connects anew again and again, and keeps what is shown."""

    def __init__(self, web: Web, evening: WholeEvening, name: str) -> None:
        account_id = evening.people[name]
        token = issue_token(account_id, frozenset(), timedelta(hours=1))
        self.who = Person(account_id, token)
        self.shown: dict[int, dict[str, Any]] = {}
        self._web = web
        self._evening = evening
        self._talk = Talk.of(self.who, evening.room_id)
        self._socket: Socket | None = None  # open until the next one takes its place

    async def look(self, seq: int) -> int:
        """Keep the snapshot at ``seq`` or later, if one may look; return how many were compared."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                self._socket = await Socket.enter(self._web, self._talk, self.who)
                try:
                    frame = await self._socket.read_until(type="snapshot")
                except ConnectionClosed:
                    return 0
                if frame["seq"] >= seq:  # web may be a moment behind
                    break
        self.shown[frame["seq"]] = frame["state"]
        query = f"seq={frame['seq']}"
        answer = await asyncio.to_thread(at, self._web, self._evening, self.who, query)
        if answer.status != 200:
            return 0
        assert answer.json == frame["state"], query
        return 1


async def test_a_room_at_every_seq_is_what_a_socket_was_shown_at_that_seq(web: Web) -> None:
    evening = await asyncio.to_thread(WholeEvening, policies_run=True)
    watchers = [Watcher(web, evening, name) for name in WATCHERS]
    compared = 0
    for step in evening.steps():
        await asyncio.to_thread(step)
        seq = await asyncio.to_thread(queries.last_seq, evening.room_id)
        for watcher in watchers:
            compared += await watcher.look(seq)
    host = watchers[0]
    for seq, state in host.shown.items():  # much later, it is still the same
        answer = await asyncio.to_thread(at, web, evening, host.who, f"seq={seq}")
        assert {**answer.json, "viewer": {}} == {**state, "viewer": {}}, seq
    kept = sum(len(watcher.shown) for watcher in watchers)
    print(f"{kept} snapshots of sockets, {compared} compared at once, {len(host.shown)} later")

    assert len(host.shown) > 50
    assert compared > 150


async def test_between_two_snapshots_a_room_is_what_its_fold_says(web: Web) -> None:
    evening = await asyncio.to_thread(WholeEvening, policies_run=True)
    for step in evening.steps():
        await asyncio.to_thread(step)
    print(f"{await asyncio.to_thread(_compare_every_seq, web, evening)} seqs compared")


def _compare_every_seq(web: Web, evening: WholeEvening) -> int:
    ana = Watcher(web, evening, "ana").who
    stage = Stage(evening.room_id)
    for recorded in event_log().history(evening.room_id):
        stage.apply(recorded.event, recorded.seq or 0)
        told = render_moment(moment_of(stage, ana.account_id))
        assert at(web, evening, ana, f"seq={stage.seq}").json == told
        time = rfc3339(recorded.event.at)
        assert at(web, evening, ana, f"t={time}").json["seq"] >= stage.seq
    beyond = at(web, evening, ana, f"seq={stage.seq + 1}")
    assert (beyond.status, beyond.json["code"]) == (400, "invalid-request")
    return stage.seq
