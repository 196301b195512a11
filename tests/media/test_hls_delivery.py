"""Live HLS from a node: who gets it, what it costs, when it ends."""

import asyncio
import json
import time
from typing import Any

import aiohttp
import numpy as np
import pytest

from media.domain.errors import NoSuchSegment
from media.node import MediaNode
from spaces_project.kernel.ids import new_id, public
from spaces_project.kernel.web.media_forwarding import MediaForwarding
from tests.media.fakes import ANA, BO, CY, FakeStageFeed, token_of
from tests.media.peers import Peer, a_node, until
from tests.media.speech import RATE, rms, tone
from tests.media.test_hls import decoded


class Player:
    """Whatever plays HLS, without a browser."""

    def __init__(self, node: MediaNode, feed: FakeStageFeed, token: str = "") -> None:
        self.base = f"http://127.0.0.1:{node.ports.http}/api/v1/rooms"
        self.room = public("room", feed.room_id)
        self.headers = {"Authorization": f"Bearer {token or token_of(BO)}"}

    async def get(self, name: str) -> tuple[int, bytes, dict[str, str]]:
        async with (
            aiohttp.ClientSession(headers=self.headers) as http,
            http.get(f"{self.base}/{self.room}/hls/{name}") as response,
        ):
            return response.status, await response.read(), dict(response.headers)

    async def listed(self) -> list[str]:
        status, body, _ = await self.get("live.m3u8")
        assert status == 200, body
        return [line for line in body.decode().splitlines() if line.endswith(".m4s")]

    async def heard(self) -> bytes:
        parts = [await self.get(name) for name in ("init.mp4", *await self.listed())]
        assert [status for status, _, _ in parts] == [200] * len(parts)
        return b"".join(body for _, body, _ in parts)


async def test_a_tone_on_stage_is_heard_by_hls(feed: FakeStageFeed) -> None:
    feed.seat(ANA)
    async with a_node(feed) as node:
        bo, ana = Player(node, feed), Peer(node, ANA, feed.room_id)
        first = await bo.listed()
        await ana.publish(tone(440, 1))
        [room] = node.rooms
        assert room.packager is not None
        packager = room.packager
        wanted = int(first[-1].removesuffix(".m4s")) + 4
        await until(lambda: packager.segment(wanted) is not None, 12)
        _, sound = decoded(await bo.heard())
        await ana.close()

    spectrum = np.abs(np.fft.rfft(sound[-RATE:]))
    assert int(np.argmax(spectrum)) == pytest.approx(440, abs=3)
    assert rms(sound[-RATE:]) > 1000


async def test_a_room_in_which_nobody_speaks_gives_silence(feed: FakeStageFeed) -> None:
    async with a_node(feed) as node:
        bo = Player(node, feed)
        first = await bo.listed()
        [room] = node.rooms
        assert room.packager is not None
        packager = room.packager
        wanted = int(first[-1].removesuffix(".m4s")) + 1
        await until(lambda: packager.segment(wanted) is not None, 8)
        times, sound = decoded(await bo.heard())

    assert times == [960 * packet for packet in range(len(times))]
    assert rms(sound) < 1


async def test_nothing_is_cut_unless_somebody_asks_and_no_longer(feed: FakeStageFeed) -> None:
    async with a_node(feed) as node:
        bo = Peer(node, BO, feed.room_id)
        await bo.listen()
        [room] = node.rooms
        assert room.packager is None

        player = Player(node, feed)
        assert (await player.get("init.mp4"))[0] == 200
        assert (await player.get("1.m4s"))[0] == 404
        assert room.packager is None, "only a playlist begins it"
        await player.listed()
        packager = room.packager
        assert packager is not None

        node.rooms.sweep(packager.asked_at + 9)
        assert room.packager is packager
        node.rooms.sweep(packager.asked_at + 11)
        assert room.packager is None
        assert list(node.rooms) == [room], "who listens by WebRTC stays"
        await bo.close()


async def test_a_room_that_only_hls_held_is_forgotten_with_it(feed: FakeStageFeed) -> None:
    async with a_node(feed) as node:
        await Player(node, feed).listed()
        assert len(list(node.rooms)) == 1
        node.rooms.sweep(time.monotonic() + 11)

        assert list(node.rooms) == []
        assert feed.stages.get(feed.room_id) is None
        assert (await Player(node, feed).get("init.mp4"))[0] == 200
        assert feed.stages.get(feed.room_id) is None, "nothing is kept for a head alone"


async def test_bytes_are_made_once_for_all_who_listen(feed: FakeStageFeed) -> None:
    async with a_node(feed) as node:
        players = [Player(node, feed, token_of(each)) for each in (ANA, BO, CY) * 5]
        heard = await asyncio.gather(*(player.listed() for player in players))
        [room] = node.rooms
        assert room.packager is not None
        number = int(heard[0][0].removesuffix(".m4s"))

        assert len({each[0] for each in heard}) == 1
        assert room.packager.segment(number) is room.packager.segment(number)
        assert room.packager.playlist is room.packager.playlist


@pytest.mark.parametrize("how", ["removed", "left", "over"])
async def test_a_right_that_ends_ends_with_the_next_request(feed: FakeStageFeed, how: str) -> None:
    async with a_node(feed) as node:
        bo = Player(node, feed)
        segment = (await bo.listed())[0]
        assert (await bo.get(segment))[0] == 200
        if how == "removed":
            feed.remove(BO)
        elif how == "left":
            feed.leave(BO)
        else:
            feed.end()
        answers = [await bo.get(name) for name in ("live.m3u8", "init.mp4", segment)]

    # Who was removed is on no list of those inside any more; this stage still has them there.
    expected = (403, "may-not-listen") if how == "removed" else (404, "room-not-found")
    assert [(status, json.loads(body)["code"]) for status, body, _ in answers] == [expected] * 3
    assert {headers["Content-Type"] for _, _, headers in answers} == {"application/problem+json"}


async def test_without_a_good_token_nothing_is_heard(feed: FakeStageFeed) -> None:
    async with a_node(feed) as node:
        for name in ("live.m3u8", "init.mp4", "1.m4s"):
            status, body, headers = await Player(node, feed, "nonsense").get(name)
            assert (status, json.loads(body)["code"]) == (401, "not-authenticated")
            assert headers["WWW-Authenticate"].startswith("Bearer")
        stranger = Player(node, feed, token_of(new_id()))
        assert (await stranger.get("live.m3u8"))[0] == 404
        assert list(node.rooms) == []


async def test_no_cache_keeps_any_sound(feed: FakeStageFeed) -> None:
    async with a_node(feed) as node:
        bo = Player(node, feed)
        [segment, *_] = await bo.listed()
        kinds = {}
        for name in ("live.m3u8", "init.mp4", segment):
            _, _, headers = await bo.get(name)
            kinds[name] = headers["Content-Type"]
            assert headers["Cache-Control"] == "private, no-store"

        assert kinds["live.m3u8"].startswith("application/vnd.apple.mpegurl")
        assert kinds["init.mp4"] == kinds[segment] == "audio/mp4"


async def test_a_segment_that_is_not_there_is_a_problem(feed: FakeStageFeed) -> None:
    async with a_node(feed) as node:
        bo = Player(node, feed)
        await bo.listed()
        for name in ("1.m4s", "999999999999999999.m4s"):
            status, body, _ = await bo.get(name)
            assert (status, json.loads(body)["code"]) == (404, NoSuchSegment.code)
        assert (await bo.get("9999999999999999999.m4s"))[0] == 404
        assert (await bo.get("../live.m3u8"))[0] == 404
        assert (await bo.get("live.mpd"))[0] == 404


async def test_who_asks_too_often_waits(feed: FakeStageFeed) -> None:
    async with a_node(feed, hls_per_minute=3) as node:
        bo = Player(node, feed)
        for _ in range(3):
            await bo.listed()
        status, body, headers = await bo.get("live.m3u8")

        assert (status, json.loads(body)["code"]) == (429, "too-many-requests")
        assert 0 < int(headers["Retry-After"]) <= 60
        assert len(await Player(node, feed, token_of(ANA)).listed()) == 3


async def test_web_hands_it_on_with_its_headers(feed: FakeStageFeed) -> None:
    async with a_node(feed) as node:
        forward = MediaForwarding(f"http://127.0.0.1:{node.ports.http}")
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {
            "method": "GET",
            "path": f"/api/v1/rooms/{public('room', feed.room_id)}/hls/live.m3u8",
            "headers": [(b"authorization", f"Bearer {token_of(BO)}".encode())],
        }
        await forward(scope, receive, send)
        assert forward._session is not None
        await forward._session.close()

    headers = dict(sent[0]["headers"])
    assert sent[0]["status"] == 200
    assert headers[b"cache-control"] == b"private, no-store"
    assert headers[b"content-type"].startswith(b"application/vnd.apple.mpegurl")
    assert sent[1]["body"].startswith(b"#EXTM3U")
