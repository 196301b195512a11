"""Independent WebRTC clients (aiortc) speak and listen through a real node."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest

from media.node import MediaNode
from tests.media.fakes import ANA, BO, CY, FakeStageFeed
from tests.media.peers import Peer, a_node, until
from tests.media.speech import Samples, likeness, likeness_by_part, rms, speech, tone

pytestmark = [pytest.mark.slow, pytest.mark.alone]

SETTLED_S = 0.4  # what aiortc's own receiver may still hold back


@asynccontextmanager
async def ana_speaks_to_bo(
    feed: FakeStageFeed,
) -> AsyncIterator[tuple[MediaNode, Peer, Peer]]:
    feed.seat(ANA)
    async with a_node(feed) as node:
        ana, bo = Peer(node, ANA, feed.room_id), Peer(node, BO, feed.room_id)
        await bo.listen()
        await ana.publish(speech())
        await until(lambda: rms(bo.since(time.monotonic() - 0.5)) > 300, 8)
        try:
            yield node, ana, bo
        finally:
            await ana.close()
            await bo.close()


async def test_a_listener_hears_the_speech_of_a_speaker(feed: FakeStageFeed) -> None:
    async with ana_speaks_to_bo(feed) as (_, _, bo):
        await asyncio.sleep(5)
        parts = likeness_by_part(speech()[: 48_000 * 4], bo.since(0))

    found = float(np.median([part.alike for part in parts]))
    print(f"cross-correlation in the speech band {found:.2f}")
    assert found >= 0.6


async def test_the_server_adds_little_delay(feed: FakeStageFeed) -> None:
    feed.seat(ANA)
    async with a_node(feed) as node:
        ana, bo = Peer(node, ANA, feed.room_id), Peer(node, BO, feed.room_id)
        await bo.listen()
        track = await ana.publish(speech())
        await asyncio.sleep(5.5)
        found, added = bo.quality(track)
        await ana.close()
        await bo.close()

    print(f"likeness {found:.2f}, server-added latency {added:.0f} ms")
    assert added < 80


async def test_a_muted_speaker_is_silent_whatever_the_client_sends(feed: FakeStageFeed) -> None:
    async with ana_speaks_to_bo(feed) as (_, _, bo):
        feed.mute(ANA)
        muted = time.monotonic()
        await asyncio.sleep(1.5)
        late = bo.arrived_since(muted + 0.25)
        assert len(late) > 48_000 // 2, "the stream goes on"
        assert rms(late) < 5

        feed.unmute(ANA)
        await until(lambda: rms(bo.arrived_since(time.monotonic() - 0.5)) > 300)


async def test_while_the_log_is_out_of_reach_there_is_silence_and_sessions_stay(
    feed: FakeStageFeed,
) -> None:
    async with ana_speaks_to_bo(feed) as (node, _, bo):
        feed.stages.doubts.looked_at = lambda: time.monotonic() - 3.1
        await asyncio.sleep(0.5)
        late = time.monotonic()
        await asyncio.sleep(1)
        assert len(bo.arrived_since(late)) > 48_000 // 2, "the stream goes on"
        assert rms(bo.arrived_since(late)) < 5
        assert len(node.sessions) == 2

        feed.stages.doubts.looked_at = time.monotonic
        await until(lambda: rms(bo.arrived_since(time.monotonic() - 0.5)) > 300)


async def test_mute_takes_effect_within_250_ms_of_the_commit(feed: FakeStageFeed) -> None:
    trials, latest_ms = 10, []
    async with ana_speaks_to_bo(feed) as (_, ana, bo):
        ana.track.samples = tone(440, 2)  # no pauses in which silence would be cheap
        for _ in range(trials):
            await until(lambda: rms(bo.arrived_since(time.monotonic() - 0.2)) > 3_000)
            committed = time.monotonic()
            feed.mute(ANA)
            await asyncio.sleep(0.4)
            loud = [at for at, samples in bo.arrived if at >= committed and rms(samples) > 30]
            latest_ms.append(max((at - committed) * 1000 for at in [committed, *loud]))
            feed.unmute(ANA)

    print(f"{trials} trials: last sound {max(latest_ms):.0f} ms after the commit at most")
    assert max(latest_ms) <= 250


async def test_nothing_said_while_muted_is_heard_afterwards(feed: FakeStageFeed) -> None:
    feed.seat(ANA)
    async with a_node(feed) as node:
        ana, bo = Peer(node, ANA, feed.room_id), Peer(node, BO, feed.room_id)
        await bo.listen()
        track = await ana.publish(tone(440, 2))
        await until(lambda: rms(bo.since(time.monotonic() - 0.5)) > 300, 8)
        feed.mute(ANA)
        secret = tone(1000, 2)
        track.samples = secret
        await asyncio.sleep(1)
        track.samples = tone(440, 2)
        await asyncio.sleep(0.1)  # what was on its way while muted
        feed.unmute(ANA)
        opened = time.monotonic()
        await asyncio.sleep(1.5)
        heard = bo.arrived_since(opened)
        await ana.close()
        await bo.close()

    assert likeness(tone(440, 0.3), heard)[0] > 0.6
    assert strength(heard, 1000) < 0.02 * strength(heard, 440)


async def test_who_speaks_does_not_hear_himself(feed: FakeStageFeed) -> None:
    feed.seat(ANA)
    feed.seat(CY)
    async with a_node(feed) as node:
        ana, cy = Peer(node, ANA, feed.room_id), Peer(node, CY, feed.room_id)
        bo = Peer(node, BO, feed.room_id)
        await bo.listen()
        await ana.publish(tone(440, 2))
        await cy.publish(tone(1000, 2))
        await asyncio.sleep(2.5)
        recent = time.monotonic() - 1
        by_ana, by_cy, by_bo = (each.since(recent) for each in (ana, cy, bo))
        for each in (ana, cy, bo):
            await each.close()

    assert strength(by_ana, 1000) > 20 * strength(by_ana, 440)
    assert strength(by_cy, 440) > 20 * strength(by_cy, 1000)
    assert strength(by_bo, 440) > 0.3 * strength(by_bo, 1000) > 0


async def test_losing_the_seat_ends_the_publishing_but_not_the_listening(
    feed: FakeStageFeed,
) -> None:
    async with ana_speaks_to_bo(feed) as (node, ana, _):
        feed.unseat(ANA)
        await until(lambda: len(node.sessions) == 1, 2)
        await until(lambda: ana.connection.connectionState == "closed", 3)


async def test_the_end_of_the_room_ends_every_session(feed: FakeStageFeed) -> None:
    async with ana_speaks_to_bo(feed) as (node, _, _):
        feed.end()
        await until(lambda: len(node.sessions) == 0, 2)
        assert list(node.rooms) == [], "the room is unloaded"


async def test_a_removed_listener_is_cut_off(feed: FakeStageFeed) -> None:
    async with ana_speaks_to_bo(feed) as (node, _, bo):
        feed.remove(BO)
        removed = time.monotonic()
        await asyncio.sleep(1)
        assert len(bo.arrived_since(removed + 0.25)) == 0
        assert len(node.sessions) == 1


async def test_the_newest_session_of_a_person_wins(feed: FakeStageFeed) -> None:
    async with ana_speaks_to_bo(feed) as (node, _, bo):
        again = Peer(node, BO, feed.room_id)
        await again.listen()
        await until(lambda: bo.connection.connectionState == "closed", 3)
        assert len(node.sessions) == 2
        await again.close()


async def test_a_seat_that_the_feed_has_not_told_of_yet_counts(feed: FakeStageFeed) -> None:
    async with a_node(feed) as node:
        bo = Peer(node, BO, feed.room_id)
        await bo.listen()
        feed.delivers = False
        feed.seat(ANA)
        ana = Peer(node, ANA, feed.room_id)
        await ana.publish(tone())
        await ana.close()
        await bo.close()


def strength(samples: Samples, hertz: float) -> float:
    """Return how much of a tone there is."""
    pcm = samples.astype(np.float64)
    spectrum = np.abs(np.fft.rfft(pcm * np.hanning(len(pcm))))
    at = round(hertz * len(pcm) / 48_000)
    return float(spectrum[at - 3 : at + 4].max())
