"""Ends the process ``followers`` as a crash does, between sending and marking."""

import os
import random
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import connection

from spaces_project.kernel.following.positions import positions
from spaces_project.kernel.ids import public
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.webhooks.feed import NAME
from spaces_project.launcher.environment import PROJECT
from tests.full_size import chosen_seed, reached
from tests.webhooks.receivers import Received, Receiver, Reply
from tests.webhooks.scenes import (
    come_and_go,
    endpoint,
    people,
    room_in,
    room_of,
    seqs,
    seqs_to_tell,
    soon,
)

ROOMS = 2
VISITS = 6
APART = 5  # requests: more than are on their way at once, so that each kill meets a living process


@dataclass(frozen=True)
class Outcome:
    """What the receiver had heard at the end."""

    seed: int
    events: int
    kills: int
    lost: int
    reordered: int
    doubled: int


class Followers:
    """The process, started again whenever it was killed."""

    def __init__(self, folder: Path, module: str | None) -> None:
        self._words = ["-m", module] if module else ["manage.py", "followers"]
        self._log = (folder / "lines").open("ab")
        self._process: subprocess.Popen[bytes] | None = None
        self.killed = threading.Event()

    def start(self) -> None:
        """Start it."""
        self.killed.clear()
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "spaces_project.settings",
            "SPACES_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
            "SPACES_WEBHOOK_RETRIES_S": "0.05 " * 50,
        }
        words = [sys.executable, *self._words]
        self._process = subprocess.Popen(
            words, cwd=PROJECT, env=environment, stdout=self._log, stderr=self._log
        )

    def kill(self) -> None:
        """End it as a crash does."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self.killed.set()

    def stop(self) -> None:
        """End it, however it stands."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(30)
        self._log.close()


def kill_between_send_and_mark(
    receiver: Receiver,
    folder: Path,
    kills: int,
    last_words: Reply,
    module: str | None = None,
    visits: int = VISITS,
) -> Outcome:
    """Let a receiver kill whoever sends, at random, before it answers; then see what it heard.

    :param last_words: its answer to who is dead by then: whether it has taken the message.
    """
    seed = chosen_seed()
    chance = random.Random(seed)
    ana, bo = people(2)
    endpoint(ana, receiver.url)
    wanted = what_happens(ana, bo, visits)
    total = sum(map(len, wanted.values()))
    fatal = set(chance.sample(range(3, total - 3, APART), kills))
    followers = Followers(folder, module)

    def decide(_request: Received) -> Reply:
        if len(receiver.received) in fatal:
            fatal.discard(len(receiver.received))
            followers.kill()
            return last_words
        return Reply()

    receiver.decide = decide
    followers.start()
    try:
        for number in range(kills):
            reached(f"{number} of {kills} kills")
            assert soon(followers.killed.is_set)
            followers.start()
        assert soon(nothing_waits)
    finally:
        followers.stop()
    return judged(seed, kills, wanted, receiver)


def what_happens(ana: UUID, bo: UUID, visits: int) -> dict[str, list[int]]:
    """Let rooms live a while; return the seqs that are to be told of each."""
    rooms = [room_of(ana) for _ in range(ROOMS)]
    for _ in range(visits):
        for room_id in rooms:
            come_and_go(room_id, bo)
    return {public("room", room_id): seqs_to_tell(room_id) for room_id in rooms}


def heard(receiver: Receiver) -> dict[str, list[int]]:
    """Return the seqs that were heard of each room, in the order of their first coming."""
    found: dict[str, list[int]] = {}
    for request in list(receiver.accepted):
        of_room = found.setdefault(room_in(request), [])
        if request.json["room_seq"] not in of_room:
            of_room.append(request.json["room_seq"])
    return found


def nothing_waits() -> bool:
    """Tell whether the feed is at the log's end and everything is marked as told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM webhook_lines WHERE told_seq < wanted_seq")
        (waiting,) = cursor.fetchone()
    return not waiting and positions().get(NAME, 0) >= event_log().head()


def judged(seed: int, kills: int, wanted: dict[str, list[int]], receiver: Receiver) -> Outcome:
    """Compare what was heard with what happened."""
    found = heard(receiver)
    events = sum(map(len, wanted.values()))
    lost = sum(len(set(expected) - set(found.get(room, ()))) for room, expected in wanted.items())
    reordered = sum(each != sorted(each) for each in found.values())
    doubled = len(seqs(receiver.accepted)) - sum(map(len, found.values()))
    return Outcome(seed, events, kills, lost, reordered, doubled)
