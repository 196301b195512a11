"""Live rooms with many inside, and what one more person does there; needs a house."""

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from typing import Final
from uuid import UUID

from django.db import connection
from websockets.sync.client import ClientConnection, connect

from bench.harness import cpu_seconds
from bench.live_room import Web
from rooms import commands
from rooms.projections.directory import Directory
from rooms.streams import participation_id
from spaces_project.kernel.authentication import issue_token
from spaces_project.kernel.clock import now
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.ids import new_id, public
from spaces_project.kernel.log.event_log import event_log

AT_ONCE: Final = 500  # people in one append
ANSWERS_WITHIN_S: Final = 60.0
TOKENS_LAST: Final = timedelta(hours=1)
COMMANDS: Final = ("join", "raise a hand", "leave")
LOOKS: Final = ("look over REST", "join by a socket")
ON_SERVER: Final = ("look over REST, server CPU", "join by a socket, server CPU")


@dataclass
class Turn:
    """What one turn took: medians in ms for each thing done; CPU in ms for each one of it."""

    took_ms: dict[str, float] = field(default_factory=dict)

    @property
    def total_ms(self) -> float:
        """Everything that one person does, one after the other, as it is waited for."""
        return sum(self.took_ms[name] for name in (*COMMANDS, *LOOKS))


class FullRoom:
    """A live room with so many inside, filled by events appended straight to the log."""

    def __init__(self, people: int) -> None:
        from rooms.domain.participation import Participation  # noqa: PLC0415 - Django first

        host = new_id()
        self.room_id = commands.open_room(host_id=host, title=f"{people} inside").entity_id
        commands.start(room_id=self.room_id, by=host)
        for start in range(0, people, AT_ONCE):
            coming = []
            for _ in range(min(AT_ONCE, people - start)):
                who = new_id()
                part = Participation(participation_id(self.room_id, who), self.room_id, who)
                part.join(now())
                coming.append(part)
            event_log().append(*coming)

    @property
    def public_id(self) -> str:
        """The room as clients name it."""
        return public("room", self.room_id)

    def turn(self, web: Web, times: int) -> Turn:
        """Let so many people come, ask, go, look and connect, one after the other."""
        found = Turn()
        guests = [new_id() for _ in range(times)]
        doing: dict[str, Callable[[UUID], object]] = {
            "join": lambda who: commands.join(room_id=self.room_id, account_id=who),
            "raise a hand": lambda who: commands.raise_hand(room_id=self.room_id, account_id=who),
            "leave": lambda who: commands.leave(room_id=self.room_id, account_id=who),
        }
        for name, do in doing.items():
            found.took_ms[name] = _median_ms(do, guests)
        looking = http.client.HTTPConnection("127.0.0.1", web.port, timeout=ANSWERS_WITHIN_S)
        tokens = {who: issue_token(who, frozenset(), TOKENS_LAST) for who in guests}
        before = cpu_seconds(web.pid)
        found.took_ms[LOOKS[0]] = _median_ms(lambda who: self._look(looking, tokens[who]), guests)
        between = cpu_seconds(web.pid)
        found.took_ms[LOOKS[1]] = _median_ms(
            lambda who: self.enter(web, tokens[who]).close(), guests
        )
        after = cpu_seconds(web.pid)
        found.took_ms[ON_SERVER[0]] = (between - before) / times * 1000
        found.took_ms[ON_SERVER[1]] = (after - between) / times * 1000
        looking.close()
        return found

    def _look(self, web: http.client.HTTPConnection, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        web.request("GET", f"/api/v1/rooms/{self.public_id}", headers=headers)
        answer = web.getresponse()
        assert answer.status == http.HTTPStatus.OK, answer.read()
        answer.read()

    def enter(self, web: Web, token: str) -> ClientConnection:
        """Open a socket and wait until it shows the room."""
        address = f"ws://127.0.0.1:{web.port}/ws/v1/rooms/{self.public_id}"
        socket = connect(
            address, proxy=None, compression=None, max_size=None, ping_interval=None,
            open_timeout=ANSWERS_WITHIN_S,
        )  # fmt: skip
        socket.send(json.dumps({"type": "auth", "token": token}))
        shown = json.loads(socket.recv(ANSWERS_WITHIN_S))
        assert shown["type"] == "snapshot", shown
        return socket


def see() -> None:
    """Let the views show what has happened; count rows, as PostgreSQL does within a minute."""
    while project(Directory()):
        pass
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE rooms_participant")


def _median_ms(do: Callable[[UUID], object], guests: list[UUID]) -> float:
    took = []
    for who in guests:
        began = time.perf_counter()
        do(who)
        took.append((time.perf_counter() - began) * 1000)
    return median(took)
