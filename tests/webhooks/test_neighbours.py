"""A dead server costs its owner's rooms only; and nothing that was told stands anywhere."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from pytest_django import Settings

from rooms import commands
from spaces_project.kernel.webhooks import places
from spaces_project.kernel.webhooks.sender import Sender
from tests.webhooks.receivers import Receiver, Reply
from tests.webhooks.scenes import come_and_go, endpoint, feed, people, room_of, soon, types

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


@contextmanager
def black_hole() -> Iterator[str]:
    """Yield the address of a server that takes everything and answers nothing."""
    started, stop = threading.Event(), threading.Event()
    port = []

    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(swallow, "127.0.0.1", 0)
        port.append(server.sockets[0].getsockname()[1])
        started.set()
        await asyncio.to_thread(stop.wait)
        server.close()

    thread = threading.Thread(target=asyncio.run, args=(run(),), daemon=True)
    thread.start()
    assert started.wait(30)
    try:
        yield f"http://127.0.0.1:{port[0]}/"
    finally:
        stop.set()
        thread.join(30)


def test_dead_servers_with_many_rooms_do_not_delay_one_that_answers(
    receiver: Receiver, sender: Sender, settings: Settings
) -> None:
    settings.WEBHOOK_ENDPOINTS = places.HEALTHY
    settings.WEBHOOK_TIMEOUT_S = 3600.0  # whoever waited for a dead one would wait for ever
    ana, bo, cy = people(3)
    with black_hole() as nowhere:
        for _ in range(places.HEALTHY // places.OF_ONE - 1):
            endpoint(ana, nowhere, "room.created")
        rooms = [room_of(ana) for _ in range(places.OF_ONE + 2)]
        feed(sender)
        endpoint(cy, receiver.url, "participant.left")
        room_id = room_of(cy)
        come_and_go(room_id, bo)
        feed(sender)

        assert soon(lambda: types(receiver.accepted) == ["participant.left"])
        assert len(rooms) > places.OF_ONE


def test_what_was_told_and_answered_stands_in_no_table_in_clear(
    receiver: Receiver, sender: Sender
) -> None:
    (ana,) = people(1)
    endpoint(ana, receiver.url, "room.created")
    receiver.decide = lambda request: Reply(200, request.body)
    secret = "marzipan"
    commands.open_room(host_id=ana, title="Tea", description=secret)
    feed(sender)

    def attempts() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT d::text FROM webhook_deliveries d")
            return [row for (row,) in cursor.fetchall()]

    assert soon(lambda: len(attempts()) == 1)
    assert secret in receiver.accepted[0].json["data"]["description"]
    (kept,) = attempts()
    assert secret not in kept
    assert secret.encode().hex() not in kept
