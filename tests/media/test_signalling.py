"""WHIP and WHEP as HTTP: statuses, headers, whose session it is."""

import asyncio
import json
from datetime import timedelta

import pytest

from spaces_project.kernel import clock
from spaces_project.kernel.ids import new_id, public
from tests.media.fakes import ANA, BO, FakeStageFeed
from tests.media.offers import an_offer
from tests.media.peers import Peer, a_node, until
from tests.media.speech import speech

FRAGMENT = "application/trickle-ice-sdpfrag"


def whip(feed: FakeStageFeed) -> str:
    return f"/api/v1/rooms/{public('room', feed.room_id)}/whip"


def whep(feed: FakeStageFeed) -> str:
    return f"/api/v1/rooms/{public('room', feed.room_id)}/whep"


LISTENS = an_offer(direction="recvonly")


async def test_an_offer_is_answered_with_a_session(feed: FakeStageFeed) -> None:
    async with a_node(feed) as node:
        status, answer, headers = await Peer(node, BO, feed.room_id).post(whep(feed), LISTENS)

        assert status == 201
        assert headers["Content-Type"].startswith("application/sdp")
        assert headers["Location"].startswith("/api/v1/media/sessions/ses_")
        assert headers["ETag"].startswith('"')
        assert "a=setup:passive" in answer


async def test_who_has_no_seat_cannot_publish(feed: FakeStageFeed) -> None:
    async with a_node(feed) as node:
        status, body, headers = await Peer(node, ANA, feed.room_id).post(whip(feed), an_offer())

        assert (status, json.loads(body)["code"]) == (403, "seat-needed")
        assert headers["Content-Type"] == "application/problem+json"
        assert list(node.rooms) == []
        assert feed.stages.get(feed.room_id) is None, "nothing is kept of a refused room"


async def test_a_room_that_has_not_started_takes_nobody(feed: FakeStageFeed) -> None:
    feed.seat(ANA)
    feed.commit(lambda stage: setattr(stage, "state", "scheduled"))
    async with a_node(feed) as node:
        ana = Peer(node, ANA, feed.room_id)
        status, body, _ = await ana.post(whip(feed), an_offer())
        assert (status, json.loads(body)["code"]) == (409, "no-sound-yet")
        status, body, _ = await ana.post(whep(feed), LISTENS)
        assert (status, json.loads(body)["code"]) == (403, "may-not-listen")


@pytest.mark.parametrize("why", ["never there", "left", "removed", "over"])
async def test_a_room_is_not_there_for_whoever_is_not_inside(feed: FakeStageFeed, why: str) -> None:
    stranger = new_id() if why == "never there" else ANA
    if why == "over":
        feed.end()
    feed.leave(stranger)
    if why == "removed":
        feed.remove(stranger)
    async with a_node(feed) as node:
        peer = Peer(node, stranger, feed.room_id)
        peer.headers["X-Request-Id"] = "the-same"
        for here, offer in ((whip(feed), an_offer()), (whep(feed), LISTENS)):
            nowhere = here.replace(public("room", feed.room_id), public("room", new_id()))
            status, body, headers = await peer.post(here, offer)
            other_status, other_body, other_headers = await peer.post(nowhere, offer)

            assert (status, json.loads(body)["code"]) == (404, "room-not-found")
            assert (other_status, other_body) == (status, body)
            assert set(other_headers) == set(headers)


@pytest.mark.parametrize("authorization", ["", "Bearer nonsense", "Basic abc"])
async def test_without_a_token_nothing_works(feed: FakeStageFeed, authorization: str) -> None:
    async with a_node(feed) as node:
        peer = Peer(node, BO, feed.room_id)
        peer.headers = {"Authorization": authorization}
        status, body, headers = await peer.post(whep(feed), LISTENS)

        assert (status, json.loads(body)["code"]) == (401, "not-authenticated")
        assert headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("given", ["x" * 101, "two words", "a%0d%0ab", "é"])
async def test_a_request_id_that_is_not_harmless_is_replaced(
    feed: FakeStageFeed, given: str
) -> None:
    async with a_node(feed) as node:
        peer = Peer(node, BO, feed.room_id)
        peer.headers["X-Request-Id"] = given
        _, body, headers = await peer.request("DELETE", "/api/v1/media/sessions/ses_x")
        assert headers["X-Request-Id"].startswith("req_")
        assert json.loads(body)["request_id"] == headers["X-Request-Id"]

        peer.headers["X-Request-Id"] = "from-the.client:1"
        _, _, headers = await peer.request("GET", "/livez")
        assert headers["X-Request-Id"] == "from-the.client:1"


async def test_malformed_requests_are_problems_not_crashes(feed: FakeStageFeed) -> None:
    async with a_node(feed) as node:
        peer = Peer(node, BO, feed.room_id)
        assert (await peer.post(whep(feed), "hello"))[0] == 400
        assert (await peer.post(whep(feed), "v=0\r\n" + "x" * 40_000))[0] == 400
        assert (await peer.post("/api/v1/rooms/room_x/whep", LISTENS))[0] == 404
        assert (await peer.post("/api/v1/nothing", LISTENS))[0] == 404
        assert (await peer.request("POST", whep(feed), body=b"{}", kind="text/plain"))[0] == 415
        assert (await peer.request("GET", whep(feed)))[0] == 405
        assert len(node.sessions) == 0


async def test_a_seventh_offer_in_a_minute_is_refused(feed: FakeStageFeed) -> None:
    async with a_node(feed, offers_per_minute=6) as node:
        peer = Peer(node, BO, feed.room_id)
        for _ in range(6):
            assert (await peer.post(whep(feed), LISTENS))[0] == 201
        status, body, headers = await peer.post(whep(feed), LISTENS)

        assert (status, json.loads(body)["code"]) == (429, "too-many-offers")
        assert 0 < int(headers["Retry-After"]) <= 60
        assert len(node.sessions) == 1, "the newest replaced the older"


async def test_only_the_owner_patches_and_deletes(feed: FakeStageFeed) -> None:
    async with a_node(feed) as node:
        bo, ana = Peer(node, BO, feed.room_id), Peer(node, ANA, feed.room_id)
        _, _, headers = await bo.post(whep(feed), LISTENS)
        session = headers["Location"]

        for method in ("PATCH", "DELETE"):
            status, body, _ = await ana.request(method, session, kind=FRAGMENT)
            assert (status, json.loads(body)["code"]) == (404, "session-not-found")
        nobodys = f"/api/v1/media/sessions/{public('ses', new_id())}"
        assert (await bo.request("DELETE", nobodys))[0] == 404

        assert (await bo.request("DELETE", session))[0] == 200
        assert (await bo.request("DELETE", session))[0] == 404
        assert len(node.sessions) == 0
        assert list(node.rooms) == []


async def test_candidates_change_nothing_and_new_credentials_restart(feed: FakeStageFeed) -> None:
    async with a_node(feed) as node:
        bo = Peer(node, BO, feed.room_id)
        _, _, headers = await bo.post(whep(feed), LISTENS)
        session = headers["Location"]

        trickle = b"a=ice-ufrag:abcd\r\na=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\n"
        status, _, same = await bo.request("PATCH", session, body=trickle, kind=FRAGMENT)
        assert (status, same["ETag"]) == (204, headers["ETag"])

        restart = b"a=ice-ufrag:wxyz\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n"
        status, fragment, other = await bo.request("PATCH", session, body=restart, kind=FRAGMENT)
        assert status == 200
        assert other["ETag"] != headers["ETag"]
        assert other["Content-Type"].startswith(FRAGMENT)
        assert "a=ice-ufrag:" in fragment

        assert (await bo.request("PATCH", session, body=restart, kind="text/plain"))[0] == 415
        bo.headers["If-Match"] = headers["ETag"]  # the one before the restart
        assert (await bo.request("PATCH", session, body=trickle, kind=FRAGMENT))[0] == 412


async def test_it_says_that_it_lives(feed: FakeStageFeed) -> None:
    async with a_node(feed) as node:
        peer = Peer(node, BO, feed.room_id)
        for path in ("/livez", "/readyz"):
            assert (await peer.request("GET", path))[0] == 200


async def test_a_session_whose_peer_never_comes_expires(feed: FakeStageFeed) -> None:
    async with a_node(feed) as node:
        await Peer(node, BO, feed.room_id).post(whep(feed), LISTENS)
        [room] = node.rooms
        [session] = room.sessions.values()
        session.connection.last_check -= 29
        node.sessions.sweep()
        assert len(node.sessions) == 1

        session.connection.last_check -= 2
        node.sessions.sweep()
        assert len(node.sessions) == 0


async def test_a_session_ends_with_the_token_that_opened_it(
    feed: FakeStageFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends_at = clock.now() + timedelta(minutes=1)
    async with a_node(feed) as node:
        bo = Peer(node, BO, feed.room_id)
        bo.headers["Authorization"] += f"@{ends_at.timestamp()}"
        assert (await bo.post(whep(feed), LISTENS))[0] == 201
        node.sessions.sweep()
        assert len(node.sessions) == 1

        monkeypatch.setattr(clock, "now", lambda: ends_at)
        node.sessions.sweep()
        assert len(node.sessions) == 0


@pytest.mark.slow
@pytest.mark.alone
async def test_levels_are_streamed_to_who_knows_the_secret(feed: FakeStageFeed) -> None:
    feed.seat(ANA)
    async with a_node(feed) as node:
        reader, writer = await asyncio.open_connection("127.0.0.1", node.ports.signals)
        writer.write(b'{"secret":"secret"}\n')
        stranger, at_stranger = await asyncio.open_connection("127.0.0.1", node.ports.signals)
        at_stranger.write(b'{"secret":"guess"}\n')
        assert await asyncio.wait_for(stranger.read(), 2) == b""

        ana = Peer(node, ANA, feed.room_id)
        await ana.publish(speech())
        line = json.loads(await asyncio.wait_for(reader.readline(), 5))
        assert line["room"] == public("room", feed.room_id)
        [(account, level)] = line["levels"].items()
        assert account == public("acc", ANA)
        assert -60 < level < 0

        feed.mute(ANA)
        while level != -127:
            level = json.loads(await asyncio.wait_for(reader.readline(), 1))["levels"][account]
        await ana.close()
        await until(lambda: list(node.rooms) == [], 3)
        for each in (writer, at_stranger):
            each.close()
