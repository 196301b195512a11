"""W-04 as a scenario: wake-ups get lost, and sockets hear everything all the same."""

import asyncio
import random
import time
from dataclasses import dataclass

import psycopg

from spaces_project.kernel.database import connection_string
from spaces_project.kernel.listener import APPLICATION
from tests.consumers.sockets import Follower, Talk
from tests.kernel.processes import Web, somebody


@dataclass(frozen=True)
class Outcome:
    """What was lost on the way, and what arrived."""

    cut: int  # connections of listeners that the server ended
    events: int
    heard: int
    gaps: int
    repeats: int
    longest_s: float  # from a command to its event at a client


async def run(web: Web, seed: int, cuts: int, patience_s: float = 10.0) -> Outcome:
    """Let things happen, each right after all listeners have lost their connection."""
    chance = random.Random(seed)
    talk = await asyncio.to_thread(Talk)
    follower = Follower(web, talk, await asyncio.to_thread(somebody))
    following = asyncio.create_task(follower.follow())
    ended, longest = 0, 0.0
    for _ in range(cuts):
        await asyncio.sleep(chance.uniform(0, 0.5))
        ended += await asyncio.to_thread(_end_listeners)
        head, asked_at = await asyncio.to_thread(talk.go_on, 3), time.monotonic()
        try:
            await asyncio.wait_for(follower.reach(head), patience_s)
        except TimeoutError:
            break
        longest = max(longest, time.monotonic() - asked_at)
    following.cancel()
    happened = await asyncio.to_thread(talk.events)
    return Outcome(
        ended, len(happened), len(follower.log), follower.gaps, follower.repeats, round(longest, 2)
    )


def _end_listeners() -> int:
    with psycopg.connect(connection_string(), autocommit=True) as connection:
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
            [APPLICATION],
        )
        return len(ended.fetchall())
