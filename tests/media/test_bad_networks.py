"""Loss, jitter and black-outs between a real client and the node (promise M-09)."""

import asyncio
import random
import time
from collections.abc import Callable

import pytest

from media.node import MediaNode
from media.sdp.offer import Kind
from media.session import WebRtcSession
from tests.media.fakes import ANA, BO, FakeStageFeed
from tests.media.peers import Peer, a_node, until
from tests.media.speech import rms, speech, tone

pytestmark = [pytest.mark.slow, pytest.mark.alone]

Way = Callable[[Callable[[bytes], None], bytes], None]


def whip_session(node: MediaNode) -> WebRtcSession:
    [room] = node.rooms
    [session] = [each for each in room.sessions.values() if each.kind is Kind.WHIP]
    return session


def degrade(node: MediaNode, way: Way) -> None:
    """Let the speaker's packets come to the node in another way."""
    connection = whip_session(node).connection
    receive = connection.on_srtp
    assert receive is not None
    straight = receive
    connection.on_srtp = lambda datagram: way(straight, datagram)


def losing(share: float, chance: random.Random) -> Way:
    def way(receive: Callable[[bytes], None], datagram: bytes) -> None:
        if chance.random() >= share:
            receive(datagram)

    return way


def jittering(most_ms: float, chance: random.Random) -> Way:
    """Delay, but keep the order, as a queue does."""
    free_at = [0.0]

    def way(receive: Callable[[bytes], None], datagram: bytes) -> None:
        loop = asyncio.get_running_loop()
        due = max(free_at[0], loop.time() + chance.uniform(0, most_ms) / 1000)
        free_at[0] = due
        loop.call_at(due, receive, datagram)

    return way


@pytest.mark.parametrize(
    ("name", "way", "most_added_ms"),
    [
        ("5 % loss", losing(0.05, random.Random(1)), 90),
        ("30 ms jitter", jittering(30, random.Random(2)), 120),
    ],
)
async def test_speech_survives(
    feed: FakeStageFeed, name: str, way: Way, most_added_ms: float
) -> None:
    feed.seat(ANA)
    async with a_node(feed) as node:
        ana, bo = Peer(node, ANA, feed.room_id), Peer(node, BO, feed.room_id)
        await bo.listen()
        track = await ana.publish(speech())
        await until(lambda: whip_session(node).receiver is not None)
        degrade(node, way)
        await asyncio.sleep(5.5)
        receiver = whip_session(node).receiver
        assert receiver is not None
        counts = receiver.buffer.counts
        found, added = bo.quality(track)
        await ana.close()
        await bo.close()

    print(f"{name}: likeness {found:.2f}, server-added latency {added:.0f} ms, {counts}")
    assert found >= 0.6
    assert added < most_added_ms


async def test_after_a_black_out_sound_is_back_within_three_seconds(feed: FakeStageFeed) -> None:
    feed.seat(ANA)
    async with a_node(feed) as node:
        ana, bo = Peer(node, ANA, feed.room_id), Peer(node, BO, feed.room_id)
        await bo.listen()
        await ana.publish(tone(440, 2))
        await until(lambda: rms(bo.arrived_since(time.monotonic() - 0.3)) > 3_000)
        dark = True

        def way(receive: Callable[[bytes], None], datagram: bytes) -> None:
            if not dark:
                receive(datagram)

        degrade(node, way)
        await asyncio.sleep(4)
        assert rms(bo.arrived_since(time.monotonic() - 1)) < 5, "nothing is invented for long"
        dark = False
        began = time.monotonic()
        await until(lambda: rms(bo.arrived_since(time.monotonic() - 0.1)) > 3_000, 3)
        print(f"back after {(time.monotonic() - began) * 1000:.0f} ms")
        await ana.close()
        await bo.close()
