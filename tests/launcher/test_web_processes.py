"""Several web processes behind one port: rooms, signals and limits are the same in all of them."""

import asyncio
import json
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from spaces_project.launcher import redis, web
from spaces_project.launcher.environment import Home
from spaces_project.launcher.trouble import Trouble
from tests.product import Product, running

PATIENCE_S = 60.0
PASSWORD = "a long made up sentence"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Two web processes, with an embedded Redis."""
    folder = tmp_path_factory.mktemp("several") / "home"
    settings = {"SPACES_WEB_PROCESSES": "2", "SPACES_PRESET": "classic"}
    with running(folder, "--no-demo", **settings, SPACES_LIMIT_JOINS="4/60") as started:
        yield started


class Client:
    """Somebody who asks over REST; each request on a connection of its own."""

    def __init__(self, base_url: str, handle: str) -> None:
        self.base_url = base_url
        body = {"handle": handle, "password": PASSWORD, "name": handle}
        self.token = ""
        self.token = self.ask("POST", "accounts", body)[1]["token"]

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        request = urllib.request.Request(  # noqa: S310 - an address of this machine
            f"{self.base_url}/api/v1/{path}",
            json.dumps(body or {}).encode() if method != "GET" else None,
            {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
            method=method,
        )
        if not self.token:
            request.remove_header("Authorization")
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read())


@pytest.fixture(scope="module")
def host(product: Product) -> Client:
    return Client(product.base_url, "hostess")


@pytest.fixture
def room(host: Client) -> str:
    opened: str = host.ask("POST", "rooms", {"title": "Talk"})[1]["id"]
    assert host.ask("POST", f"rooms/{opened}/start")[0] == 200
    return opened


async def enter(product: Product, room: str, token: str) -> ClientConnection:
    """Open a socket and wait for its snapshot."""
    address = f"{product.base_url.replace('http', 'ws')}/ws/v1/rooms/{room}"
    socket = await connect(address, proxy=None, compression=None, ping_interval=None)
    await socket.send(json.dumps({"type": "auth", "token": token}))
    while json.loads(await asyncio.wait_for(socket.recv(), PATIENCE_S))["type"] != "snapshot":
        pass
    return socket


async def until(socket: ClientConnection, kind: str) -> dict[str, Any]:
    """Return the next frame of a type."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            frame: dict[str, Any] = json.loads(await socket.recv())
            if frame["type"] == kind:
                return frame


def sockets_of(pid: int) -> int:
    """Count the connections of a process."""
    open_files = Path(f"/proc/{pid}/fd").iterdir()
    return sum("socket:" in str(file.readlink()) for file in open_files)


@pytest.mark.alone
async def test_the_port_is_shared_and_everybody_hears_everything(
    product: Product, host: Client, room: str
) -> None:
    pids = [product.pids[name] for name in ("web", "web 2")]
    before = [sockets_of(pid) for pid in pids]
    people = [Client(product.base_url, f"guest_{n}") for n in range(12)]
    for guest in people:
        assert guest.ask("POST", f"rooms/{room}/join")[0] == 200
    sockets = [await enter(product, room, guest.token) for guest in people]
    grown = [now - then for now, then in zip(map(sockets_of, pids), before, strict=True)]
    print(f"sockets in the processes: {grown}")

    host.ask("POST", f"rooms/{room}/join")
    joined = [await until(socket, "participant.joined") for socket in sockets]
    people[0].ask("POST", f"rooms/{room}/reactions", {"emoji": "👏"})
    reactions = [await until(socket, "reactions") for socket in sockets]

    assert min(grown) > 0
    assert len({frame["seq"] for frame in joined}) == 1
    assert [frame["counts"] for frame in reactions] == [{"👏": 1}] * 12
    for socket in sockets:
        await socket.close()


@pytest.mark.alone
async def test_a_person_is_in_one_place_wherever_the_kernel_sends_the_second_socket(
    product: Product, host: Client, room: str
) -> None:
    older = await enter(product, room, host.token)
    for _ in range(8):
        newer = await enter(product, room, host.token)
        await asyncio.wait_for(older.wait_closed(), PATIENCE_S)
        assert older.close_code == 4409
        older = newer
    await older.close()


@pytest.mark.alone
def test_limits_count_over_both_processes(product: Product, room: str) -> None:
    guest = Client(product.base_url, "eager")
    answers = [guest.ask("POST", f"rooms/{room}/join")[0] for _ in range(8)]

    assert answers == [200] * 4 + [429] * 4


@pytest.mark.alone
async def test_without_redis_rooms_go_on_and_it_comes_back(
    product: Product, host: Client, room: str
) -> None:
    guest = Client(product.base_url, "steadfast")
    sockets = [await enter(product, room, each.token) for each in (host, guest)]
    old = product.pids["redis"]
    os.kill(old, signal.SIGKILL)

    assert guest.ask("POST", f"rooms/{room}/join")[0] == 200
    joined = [(await until(socket, "participant.joined"))["seq"] for socket in sockets]
    assert joined == [3, 3]
    deadline = time.monotonic() + PATIENCE_S
    while product.pids.get("redis") in (None, old):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)
    for socket in sockets:
        await socket.close()


@pytest.mark.alone
def test_one_process_killed_is_not_the_end(product: Product, host: Client) -> None:
    old = product.pids["web 2"]
    os.kill(old, signal.SIGKILL)

    # What the kernel had given to the dead one is lost; whatever comes later finds the other.
    answers = []
    for _ in range(20):
        with suppress(OSError):
            answers.append(host.ask("GET", "rooms")[0])
    assert answers.count(200) >= 15
    deadline = time.monotonic() + PATIENCE_S
    while product.pids.get("web 2") in (None, old):
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("nonsense", ["0", "-1", "many", "1000"])
def test_a_number_of_processes_that_is_none_is_refused(
    nonsense: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPACES_WEB_PROCESSES", nonsense)
    with pytest.raises(Trouble, match="SPACES_WEB_PROCESSES"):
        web.processes()


def test_one_process_is_started_as_ever(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SPACES_WEB_PROCESSES", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)

    (program,) = web.programs(8000, {})
    assert (program.name, "--share-port" in program.command) == ("web", False)
    assert web.redis_url(Home(tmp_path)) == {}


def test_a_redis_that_is_brought_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SPACES_WEB_PROCESSES", "3")
    monkeypatch.delenv("REDIS_URL", raising=False)
    assert web.needs_redis()
    assert web.redis_url(Home(tmp_path))["REDIS_URL"].startswith("unix://")
    assert [program.name for program in web.programs(8000, {})] == ["web", "web 2", "web 3"]

    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    assert not web.needs_redis()


def test_the_socket_of_redis_fits_however_long_the_home_is(tmp_path: Path) -> None:
    deep = Home(tmp_path / ("d" * 150))

    assert len(os.fsencode(redis.socket_of(deep))) <= redis.LONGEST_SOCKET
    assert redis.socket_of(deep) != redis.socket_of(Home(tmp_path / ("e" * 150)))
