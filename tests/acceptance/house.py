"""A product in which secrets are said, in every field that takes words."""

import contextlib
import http.client
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
from psycopg import sql

from spaces_project.kernel.ids import parse
from spaces_project.launcher.environment import PROJECT
from tests.acceptance.clients import Json, Person, RoomSocket, sign_up
from tests.product import Product

EVENTS: Final = (
    "SELECT notification_id, originator_id, originator_version, topic, state FROM log_events"
    " WHERE room_id = %s ORDER BY seq"
)
CHANGE: Final = sql.SQL("UPDATE log_events SET {} = %s WHERE notification_id = %s")


def word() -> str:
    """Eighteen letters that nobody else writes."""
    return "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(18))


@dataclass
class House:
    """A product in which secrets were said, and all of these."""

    product: Product
    title: str = field(default_factory=word)
    planted: list[str] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    host: Person = field(default_factory=lambda: Person(""))
    room_id: str = ""

    def plant(self) -> str:
        """A new word that must not be found anywhere."""
        self.planted.append(word())
        return self.planted[-1]

    def person(self, name: str) -> Person:
        """Somebody new with a planted password, who has a planted bio."""
        person = sign_up(self.product.base_url, name, password=f"{self.plant()} {word()}")
        person.must("PATCH", "accounts/me", {"bio": f"I like {self.plant()}."})
        self.secrets[f"token of {name}"] = person.token
        return person


@dataclass(frozen=True)
class Event:
    """A row of the log."""

    position: int
    stream: UUID
    version: int
    topic: str
    state: bytes

    @property
    def name(self) -> str:
        """How a refusal names it."""
        return f"{self.stream} version {self.version}"

    def flipped(self, place: int) -> bytes:
        """Its stored bytes with one bit turned over."""
        changed = bytearray(self.state)
        changed[place] ^= 1
        return bytes(changed)


def hold_a_room(house: House, guest: Person) -> str:
    """Open a room, admit somebody and remove him or her, with words in every field."""
    host = house.host
    wish = {"title": house.title, "description": f"All about {house.plant()}."}
    key = house.plant()
    room_id = str(host.must("POST", "rooms", wish, Idempotency_Key=key).body["id"])
    assert host.must("POST", "rooms", wish, Idempotency_Key=key).body["id"] == room_id
    host.must("POST", f"rooms/{room_id}/start")
    guest.must("POST", f"rooms/{room_id}/join")
    reason: Json = {"account_id": guest.id, "reason": f"Said {house.plant()}."}
    with RoomSocket(host, room_id) as socket:
        answer = socket.command("participant.remove", **reason)
        assert answer["type"] == "ack", answer
    assert len(host.get(f"rooms/{room_id}/events").body["events"]) == 5
    return room_id


def misuse(house: House, person: Person) -> None:
    """Send secrets where they do not belong: whatever complains may not repeat them."""
    room_id, said = house.room_id, house.plant()
    assert person.ask("POST", "rooms", {"title": "x" * 500, "description": said}).status == 400
    assert person.ask("POST", "rooms", {"title": "x", said: said}).status == 400
    assert person.get(f"rooms?token={person.token}").status == 400
    assert person.get(f"accounts/{person.token}").status == 404
    assert Person(person.base_url, token=f"{person.token}x").get("rooms").status == 401
    connection = http.client.HTTPConnection(urlsplit(person.base_url).netloc, timeout=5)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {person.token}"}
    connection.request("POST", "/api/v1/rooms", f'{{"title": "{said}', headers)
    assert connection.getresponse().status == 400
    connection.close()
    with RoomSocket(person, f"{room_id}?token={person.token}") as socket:
        assert socket.wait_until_closed() == 4403
    with RoomSocket(house.host, room_id) as socket:
        assert socket.command("participant.remove", reason=said)["type"] == "error"


def handle_of(person: Person) -> str:
    return str(person.get("accounts/me").body["handle"])


def events_of_the_last_room(house: House) -> list[Event]:
    with psycopg.connect(house.product.database_url) as connection:
        rows = connection.execute(EVENTS, (parse("room", house.room_id),)).fetchall()
    return [Event(*row) for row in rows]


@contextlib.contextmanager
def altered(house: House, event: Event, **columns: object) -> Iterator[None]:
    """Write over a row as only the database's owner can; put it back afterwards."""
    before = {name: getattr(event, name) for name in columns}
    _write(house, event, columns)
    try:
        yield
    finally:
        _write(house, event, before)


def _write(house: House, event: Event, columns: Mapping[str, object]) -> None:
    with psycopg.connect(house.product.database_url) as connection:
        connection.execute("SET session_replication_role = replica")
        for name, value in columns.items():
            connection.execute(CHANGE.format(sql.Identifier(name)), (value, event.position))


def rebuild(house: House) -> tuple[int, str]:
    """Return how a rebuild ends and what it says."""
    ended = subprocess.run(
        [sys.executable, "manage.py", "rebuild"],
        cwd=PROJECT,
        env=house.product.environment(),
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return ended.returncode, ended.stderr
