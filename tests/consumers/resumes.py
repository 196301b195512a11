"""W-01 as a scenario: sockets are cut off and come back, slow ones too, while processes die.

Several rooms, events in all of them; each follower comes back to any of the web processes and
keeps the client's rule: apply the next, drop the known, notice a hole.
"""

import asyncio
import random
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import connections

from tests.consumers.sockets import PATIENCE_S, Follower, Talk
from tests.full_size import reached
from tests.kernel.processes import Person, Web, somebody

SMALL_BUFFER = 2048
EVENTS_EVERY_S = 0.04
LEAP = 30


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    resumes: int
    restarts: int
    rooms: int
    followers: int  # of each room
    slow: int  # of them, so many read slowly
    patience_s: float = PATIENCE_S  # with who does not get to the end
    heard: int = 0  # events that somebody hears meanwhile, at least: a resume alone skips nothing


@dataclass(frozen=True)
class Outcome:
    """What was seen."""

    resumes: int
    restarts: int
    events: int
    heard: int
    gaps: int
    repeats: int
    snapshots: int
    wrong_logs: int

    @property
    def faultless(self) -> bool:
        """Whether every follower has heard everything once, in order, without a snapshot."""
        return self.gaps == self.repeats == self.snapshots == self.wrong_logs == 0


class Wanderer(Follower):
    """Comes back to any web process; a slow one reads little at a time, and not always."""

    def __init__(
        self, webs: Sequence[Web], talk: Talk, who: Person, chance: random.Random, *, slow: bool
    ) -> None:
        self._webs, self._chance, self._slow = webs, chance, slow
        super().__init__(webs[0], talk, who)

    def options(self) -> dict[str, Any]:
        """Choose where to go; a slow reader takes a small buffer along."""
        self.web = self._chance.choice(self._webs)
        if not self._slow:
            return {}
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        try:
            plain.connect(("127.0.0.1", self.web.port))
        except OSError:
            plain.close()
            raise
        return {"sock": plain, "max_queue": 1}

    async def breathe(self) -> None:
        """Take a slow reader's time."""
        if self._slow and self._chance.random() < 0.05:
            await asyncio.sleep(self._chance.uniform(0, 0.2))


async def run(webs: Sequence[Web], seed: int, size: Size) -> Outcome:
    """Cut, kill and go on until there were enough resumes; then compare with the log."""
    chance, enough = random.Random(seed), threading.Event()
    talks = [await asyncio.to_thread(Talk) for _ in range(size.rooms)]
    followers = [
        Wanderer(webs, talk, await asyncio.to_thread(somebody), chance, slow=n < size.slow)
        for talk in talks
        for n in range(size.followers)
    ]
    following = asyncio.gather(*(follower.follow() for follower in followers))
    workers = [
        threading.Thread(target=_keep_going, args=(talk, enough, random.Random(seed + n)))
        for n, talk in enumerate(talks)
    ]
    for worker in workers:
        worker.start()
    try:
        restarts = await _press_on(webs, chance, followers, size)
    finally:
        enough.set()
        for worker in workers:
            await asyncio.to_thread(worker.join)
    for talk in talks:
        head = await asyncio.to_thread(talk.go_on)
        here = [follower.reach(head) for follower in followers if follower.talk is talk]
        with suppress(TimeoutError):  # whoever does not get there has a wrong log
            await asyncio.wait_for(asyncio.gather(*here), size.patience_s)
        await asyncio.to_thread(talk.end)  # an ended room lets nobody in
    await asyncio.wait_for(following, 60)
    return await _compare(talks, followers, restarts)


async def _press_on(
    webs: Sequence[Web], chance: random.Random, followers: Sequence[Wanderer], size: Size
) -> int:
    restarts = resumed = 0
    while (resumed := sum(f.connections - 1 for f in followers)) < size.resumes or max(
        len(f.log) for f in followers
    ) < size.heard:
        reached(f"{resumed} of {size.resumes} resumes")
        await asyncio.sleep(chance.uniform(0, 0.02))
        if restarts < size.restarts and resumed >= size.resumes * (restarts + 0.5) / size.restarts:
            restarts += 1
            web = chance.choice(webs)
            web.kill()
            await asyncio.sleep(chance.uniform(0, 0.3))
            web.start()  # on this thread: it must not outlive the one that started it
            continue
        victim = chance.choice(followers)
        if victim.socket is not None and victim.socket.connection.close_code is None:
            victim.socket.cut(chance)
    return restarts


def _keep_going(talk: Talk, enough: threading.Event, chance: random.Random) -> None:
    """Let things happen one by one, and sometimes many at once."""
    while not enough.wait(chance.uniform(0, 2 * EVENTS_EVERY_S)):
        if chance.random() < 0.01:
            talk.leap(LEAP)
        else:
            talk.go_on()
    connections.close_all()


async def _compare(talks: Sequence[Talk], followers: Sequence[Wanderer], restarts: int) -> Outcome:
    happened = {talk.room_id: await asyncio.to_thread(talk.events) for talk in talks}
    return Outcome(
        resumes=sum(f.connections - 1 for f in followers),
        restarts=restarts,
        events=sum(map(len, happened.values())),
        heard=sum(len(f.log) for f in followers),
        gaps=sum(f.gaps for f in followers),
        repeats=sum(f.repeats for f in followers),
        snapshots=sum(f.snapshots for f in followers),
        wrong_logs=sum(f.log != happened[f.talk.room_id] for f in followers),
    )
