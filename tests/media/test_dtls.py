"""Our end of a DTLS association: shaking hands, and what comes after it."""

import asyncio

import pytest
from aiortc.rtcdtlstransport import RTCDtlsTransport

from media.transport.adapter import Certificates, DtlsEndpoint, fingerprint_of
from tests.media.handshakes import a_handshake, parameters, pipes, records

FLIGHTS_BEFORE_THE_LAST = 1  # of a server: its hello, with everything that goes with it


async def test_a_wrong_fingerprint_is_no_connection() -> None:
    ours, theirs = pipes()
    of_server = Certificates().current()
    server = DtlsEndpoint(ours, of_server)
    client = RTCDtlsTransport(theirs, [Certificates().current()])  # type: ignore[arg-type]
    client._set_role("client")
    starting = asyncio.ensure_future(client.start(parameters(of_server)))

    with pytest.raises(ConnectionError):
        await server.handshake([("sha-256", ":".join(["00"] * 32))])

    starting.cancel()
    await server.close()


async def test_the_peers_goodbye_is_told_once_and_ours_is_not() -> None:
    server, client, _ = await a_handshake()
    goodbyes: list[int] = []
    server.on_closed = lambda: goodbyes.append(1)

    await client.stop()
    for record in records(server):
        server.take(record)

    assert goodbyes == [1]
    await server.close()
    assert goodbyes == [1]


async def test_every_record_of_a_datagram_is_taken() -> None:
    server, client, _ = await a_handshake()
    goodbyes: list[int] = []
    server.on_closed = lambda: goodbyes.append(1)
    assert client._ssl is not None
    for _ in range(20):
        client._ssl.send(b"x")
    client._ssl.shutdown()

    server.take(client._ssl.bio_read(1500))

    assert goodbyes == [1]
    await server.close()


async def test_a_client_that_missed_our_last_flight_gets_it_again() -> None:
    ours, theirs = pipes()
    of_server, of_client = Certificates().current(), Certificates().current()
    server = DtlsEndpoint(ours, of_server)
    client = RTCDtlsTransport(theirs, [of_client])  # type: ignore[arg-type]
    client._set_role("client")
    starting = asyncio.ensure_future(client.start(parameters(of_server)))
    sent, real = [], ours.send

    async def send(datagram: bytes) -> None:
        sent.append(datagram)
        if len(sent) == 1 + FLIGHTS_BEFORE_THE_LAST:
            return  # lost
        await real(datagram)

    ours.send = ours._send = send  # type: ignore[method-assign]
    server = DtlsEndpoint(ours, of_server)
    await server.handshake([("sha-256", fingerprint_of(of_client))])
    await asyncio.wait({starting}, timeout=0.1)
    assert not starting.done(), "the client waits for our last flight"

    while not starting.done():  # it repeats its own after a second
        record = await asyncio.wait_for(ours.inbox.get(), 10)
        assert record is not None
        server.take(record)
        await asyncio.wait({starting}, timeout=0.1)

    assert client.state == "connected"
    await client.stop()
    await server.close()


async def test_nonsense_after_the_handshake_is_nothing() -> None:
    server, client, _ = await a_handshake()
    goodbyes: list[int] = []
    server.on_closed = lambda: goodbyes.append(1)

    for record in (b"", b"\x16", bytes([0x15, 0xFE, 0xFD]) + bytes(40), bytes([0x17]) * 1500):
        server.take(record)

    assert goodbyes == []
    await client.stop()
    await server.close()
    server.take(b"\x15 after the end")
