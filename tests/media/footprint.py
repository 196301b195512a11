"""What listeners cost a node in memory, and what they leave behind when they have gone."""

import asyncio
import gc
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import psutil

from bench.light_peers.doors import Door
from media.node import MediaNode
from spaces_project.kernel.ids import public
from spaces_project.launcher.environment import PROJECT
from tests.media.fakes import FakeStage, FakeStageFeed
from tests.media.peers import a_node

# What a session is made of; how many other objects there are changes with the weather.
OURS = ("media", "aiortc", "OpenSSL", "pylibsrtp")
HEAVY = ("RTCPeerConnection", "RTCDtlsTransport", "RTCRtpReceiver", "RTCRtpSender", "Queue")


class Everybody(set[UUID]):
    """Whoever is asked for is here."""

    def __contains__(self, _: object) -> bool:
        return True


class OpenHouse(FakeStageFeed):
    """A room in which everybody is."""

    def stage_now(self, room_id: UUID) -> FakeStage:
        stage = super().stage_now(room_id)
        stage.present = Everybody()
        return stage


@dataclass(frozen=True)
class Census:
    """What is in memory at one moment."""

    sessions: int
    objects: int  # that the garbage collector has to look at
    ours: int  # of classes of media, and of what it builds on
    heavy: dict[str, int]  # what nobody needs once hands have been shaken
    tasks: int
    rss_kib: int

    @classmethod
    def take(cls, sessions: int, tasks: int = 0) -> "Census":
        objects = gc.get_objects()
        kinds = Counter(type(each).__name__ for each in objects)
        packages = Counter(str(type(each).__module__).partition(".")[0] for each in objects)
        return cls(
            sessions=sessions,
            objects=len(objects),
            ours=sum(packages[name] for name in OURS),
            heavy={name: kinds[name] for name in HEAVY if kinds[name]},
            tasks=tasks,
            rss_kib=psutil.Process().memory_info().rss // 1024,
        )


@dataclass(frozen=True)
class Visit:
    """Some listeners came, and went."""

    here: Census
    gone: Census
    full_collection_ms: float | None  # of CPU time, with all of them here


async def visits(sizes: Sequence[int], *, collecting: bool = False) -> list[Visit]:
    """Let so many listeners come and go, one crowd after the other.

    They are light peers in another process. The collector is off, as it is for the oldest
    generation in production: what is not freed by itself stays.

    :param collecting: whether to see how long a collection takes, which hides what would stay.
    """
    feed = OpenHouse()
    async with a_node(feed, offers_per_minute=1_000_000) as node:
        room = f"http://127.0.0.1:{node.ports.http}/api/v1/rooms/{public('room', feed.room_id)}"
        totals = [sum(sizes[: number + 1]) for number in range(len(sizes))]
        words = [sys.executable, "-m", "bench.light_peers.listeners", Door("node", room).text()]
        words += ["--seconds", "0.1", "--warm-up", "0.1", "--sizes", *map(str, totals)]
        crowd = await asyncio.create_subprocess_exec(
            *words, stdout=asyncio.subprocess.PIPE, cwd=PROJECT
        )
        gc.collect()
        gc.freeze()  # as a node does: what was there before is not counted
        gc.disable()
        try:
            return [await _visit(node, crowd, total, collecting) for total in totals]
        finally:
            gc.unfreeze()
            gc.enable()
            if crowd.returncode is None:
                crowd.kill()
            await crowd.wait()


async def _visit(
    node: MediaNode, crowd: asyncio.subprocess.Process, total: int, collecting: bool
) -> Visit:
    assert crowd.stdout is not None
    connected = json.loads(await crowd.stdout.readline())
    assert connected["peers"] == total
    await crowd.stdout.readline()
    if collecting:
        gc.collect()  # what joining left, which the younger generations' collections take
    here = Census.take(len(node.sessions), len(asyncio.all_tasks()))
    full_collection_ms = None
    if collecting:
        began = time.process_time()
        gc.collect()
        full_collection_ms = (time.process_time() - began) * 1000
    for room in list(node.rooms):
        for session in list(room.sessions.values()):
            await node.sessions.end(session)
    await asyncio.sleep(0.05)
    return Visit(
        here, Census.take(len(node.sessions), len(asyncio.all_tasks())), full_collection_ms
    )
