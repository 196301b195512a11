"""The web process dies and comes back: nobody misses anything, and nothing is doubled."""

import asyncio
import random
import threading

import pytest
from django.db import connections

from tests.consumers.sockets import Follower, Talk
from tests.kernel.processes import Web, somebody

pytestmark = [pytest.mark.alone, pytest.mark.databases]

SEED = 9
KILLS = 2
FOLLOWERS = 4


async def test_sockets_resume_without_a_hole_when_web_was_killed(web: Web) -> None:
    chance, enough = random.Random(SEED), threading.Event()
    talk = await asyncio.to_thread(Talk)
    people = [await asyncio.to_thread(somebody) for _ in range(FOLLOWERS)]
    followers = [Follower(web, talk, who) for who in people]
    following = asyncio.gather(*(follower.follow() for follower in followers))

    def work() -> None:
        while not enough.wait(0.01):
            talk.go_on()
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.2, 0.4))
        web.kill()
        web.start()  # on this thread: it must not outlive the one that started it
        await asyncio.sleep(0.3)
    enough.set()
    await asyncio.to_thread(worker.join)
    for follower in followers:
        await follower.reach(await asyncio.to_thread(talk.go_on))
    await asyncio.to_thread(talk.end)
    await asyncio.wait_for(following, 30)

    happened = await asyncio.to_thread(talk.events)
    print(
        f"seed {SEED}: {KILLS} x kill -9, {len(happened)} events,"
        f" {sum(f.connections for f in followers)} connections"
    )
    for follower in followers:
        assert (follower.gaps, follower.repeats, follower.snapshots) == (0, 0, 0)
        assert follower.log == happened
