"""The real process follows the real log: the gate closes after the commit, not after a guess."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import psycopg
import pytest
from pytest_django import Settings

from accounts import commands as accounts
from media.node import Ports
from rooms import commands
from spaces_project.kernel.authentication import LEVELS, issue_token, shared_secret
from spaces_project.kernel.following.projector import project
from spaces_project.kernel.ids import new_id
from spaces_project.launcher.postgres import Cluster
from spaces_project.presets import PRESETS
from spaces_project.wiring import read_models
from tests.media.peers import Peer, until
from tests.media.speech import rms, tone

pytestmark = [
    pytest.mark.slow,
    pytest.mark.alone,
    pytest.mark.databases,
    pytest.mark.usefixtures("databases"),
]

ANA, BO = new_id(), new_id()
PROJECT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class MediaProcess:
    """``manage.py media``, as the launcher starts it."""

    def __init__(self) -> None:
        self.ports = Ports(free_port(), free_port(), free_port())
        words = ["--http-port", self.ports.http, "--udp-port", self.ports.udp]
        words += ["--signal-port", self.ports.signals]
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "media", *map(str, words)],
            cwd=PROJECT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "spaces_project.settings"},
        )

    async def ready(self) -> None:
        end = time.monotonic() + 20
        async with aiohttp.ClientSession() as http:
            while time.monotonic() < end:
                try:
                    async with http.get(f"http://127.0.0.1:{self.ports.http}/readyz") as answer:
                        assert answer.status == 200
                        return
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)
        raise AssertionError("the media process is not ready")

    def first_levels(self, within_s: float = 1.0) -> bytes:
        """What the level stream tells first; TimeoutError while nobody is heard."""
        with socket.create_connection(("127.0.0.1", self.ports.signals)) as stream:
            stream.settimeout(within_s)
            stream.sendall(b'{"secret":"%s"}\n' % shared_secret(LEVELS).encode())
            return stream.recv(4096)

    def peer(self, account_id: UUID, room_id: UUID) -> Peer:
        peer = Peer(self, account_id, room_id)
        token = issue_token(account_id, frozenset(), timedelta(minutes=5))
        peer.headers = {"Authorization": f"Bearer {token}"}
        return peer


@pytest.fixture
def media(settings: Settings) -> Iterator[MediaProcess]:
    settings.PRESET = PRESETS["classic"]  # anybody may host
    started = MediaProcess()
    yield started
    started.process.kill()
    started.process.wait()


async def told(command: Callable[..., Any], **words: Any) -> Any:
    return await asyncio.to_thread(command, **words)


def an_account() -> UUID:
    registered: UUID = accounts.register(handle="cy_okafor", name="Cy Okafor").entity_id
    for read_model in read_models():
        project(read_model)
    return registered


async def a_live_room() -> UUID:
    receipt = await told(commands.open_room, host_id=ANA, title="A walk")
    room_id: UUID = receipt.entity_id
    await told(commands.start, room_id=room_id, by=ANA)
    await told(commands.unmute, room_id=room_id, account_id=ANA, by=ANA)
    return room_id


async def test_the_log_opens_and_shuts_the_gate(media: MediaProcess) -> None:
    await media.ready()
    room_id, cy_id = await a_live_room(), await told(an_account)
    for listener in (BO, cy_id):
        await told(commands.join, room_id=room_id, account_id=listener)
    ana, bo, cy = (media.peer(each, room_id) for each in (ANA, BO, cy_id))
    await bo.listen()
    await cy.listen()
    await ana.publish(tone(440, 2))
    await until(lambda: rms(bo.arrived_since(time.monotonic() - 0.2)) > 3_000)

    latest_ms = []
    for _ in range(5):
        await told(commands.mute, room_id=room_id, account_id=ANA, by=ANA)
        committed = time.monotonic()
        await asyncio.sleep(0.4)
        loud = [at for at, samples in bo.arrived if at >= committed and rms(samples) > 30]
        latest_ms.append(max((at - committed) * 1000 for at in [committed, *loud]))
        await told(commands.unmute, room_id=room_id, account_id=ANA, by=ANA)
        await until(lambda: rms(bo.arrived_since(time.monotonic() - 0.2)) > 3_000)
    print(f"5 trials: last sound {max(latest_ms):.0f} ms after the commit at most")
    assert max(latest_ms) <= 250

    await told(commands.remove, room_id=room_id, account_id=cy_id, by=ANA)
    removed = time.monotonic()
    await asyncio.sleep(0.5)
    assert len(cy.arrived_since(removed + 0.25)) == 0
    assert len(bo.arrived_since(removed + 0.25)) > 0

    await told(commands.end, room_id=room_id, by=ANA)
    await until(lambda: bo.connection.connectionState == "closed", 3)
    for each in (ana, bo, cy):
        await each.close()


async def test_a_log_out_of_reach_silences_rooms_but_ends_no_session(
    media: MediaProcess, databases: tuple[Cluster, ...]
) -> None:
    await media.ready()
    room_id = await a_live_room()
    await told(commands.join, room_id=room_id, account_id=BO)
    ana, bo = media.peer(ANA, room_id), media.peer(BO, room_id)
    await bo.listen()
    await ana.publish(tone(440, 2))
    await until(lambda: rms(bo.arrived_since(time.monotonic() - 0.2)) > 3_000)

    with psycopg.connect(databases[0].url, autocommit=True, dbname="postgres") as outside:
        outside.execute("ALTER DATABASE spaces ALLOW_CONNECTIONS false")
        try:
            outside.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'spaces'"
            )
            await asyncio.sleep(4)
            late = bo.arrived_since(time.monotonic() - 0.5)
        finally:
            outside.execute("ALTER DATABASE spaces ALLOW_CONNECTIONS true")
    assert len(late) > 0, "the session stays"
    assert rms(late) < 30
    await until(lambda: rms(bo.arrived_since(time.monotonic() - 0.2)) > 3_000)
    assert await asyncio.to_thread(media.first_levels)
    await ana.close()
    await bo.close()


async def test_an_altered_event_silences_its_room(
    media: MediaProcess, databases: tuple[Cluster, ...]
) -> None:
    await media.ready()
    room_id = await a_live_room()
    await told(commands.join, room_id=room_id, account_id=BO)
    with psycopg.connect(databases[0].url) as owner:
        owner.execute("SET session_replication_role = replica")  # pass over the log's own trigger
        altered = owner.execute(
            "UPDATE log_events SET state = state || '\\x00'::bytea WHERE room_id = %s AND seq = "
            "(SELECT max(seq) FROM log_events WHERE room_id = %s)",
            [room_id, room_id],
        )
        assert altered.rowcount == 1
    ana = media.peer(ANA, room_id)
    await ana.publish(tone(440, 2))
    await asyncio.sleep(1)

    assert ana.connection.connectionState == "connected", "the session stays"
    with pytest.raises(TimeoutError):
        await asyncio.to_thread(media.first_levels)
    await ana.close()


async def test_a_fresh_seat_may_publish_at_once(media: MediaProcess) -> None:
    await media.ready()
    room_id = await a_live_room()
    bo = media.peer(BO, room_id)
    await told(commands.join, room_id=room_id, account_id=BO)
    await told(commands.promote_speaker, room_id=room_id, account_id=BO, by=ANA)
    await bo.publish(tone())
    await bo.close()


async def test_it_ends_within_three_seconds_of_sigterm(media: MediaProcess) -> None:
    await media.ready()
    room_id = await a_live_room()
    ana = media.peer(ANA, room_id)
    await ana.publish(tone())

    media.process.send_signal(signal.SIGTERM)
    began = time.monotonic()

    assert await asyncio.to_thread(media.process.wait, 3) == 0
    print(f"stopped in {time.monotonic() - began:.2f} s")
    await until(lambda: ana.connection.connectionState == "closed", 3)
    await ana.close()
