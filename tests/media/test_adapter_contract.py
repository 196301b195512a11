"""Names that aiortc and pylibsrtp do not promise: one claim for each that we touch."""

import asyncio
import inspect
import weakref
from datetime import timedelta
from importlib.metadata import version

import pytest
from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)
from OpenSSL import SSL
from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found, unused-ignore]

from media.transport import adapter
from media.transport.adapter import (
    Certificates,
    DtlsEndpoint,
    SrtpError,
    fingerprint_of,
    parse_description,
)
from tests.media.offers import an_offer

KEY = bytes(range(28))
FLIGHTS_BEFORE_THE_LAST = 1  # of a server: its hello, with everything that goes with it


class Pipe:
    """Datagrams between two ends of one test."""

    role = "controlled"

    def __init__(self) -> None:
        self.inbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.other: Pipe = self

    async def recv(self) -> bytes:
        datagram = await self.inbox.get()
        if datagram is None:
            raise ConnectionError
        return datagram

    async def send(self, datagram: bytes) -> None:
        self.other.inbox.put_nowait(datagram)

    def post(self, datagram: bytes) -> None:
        self.other.inbox.put_nowait(datagram)

    _recv, _send = recv, send


def pipes() -> tuple[Pipe, Pipe]:
    ours, theirs = Pipe(), Pipe()
    ours.other, theirs.other = theirs, ours
    return ours, theirs


async def a_handshake() -> tuple[DtlsEndpoint, RTCDtlsTransport, tuple[Session, Session]]:
    ours, theirs = pipes()
    certificate, of_server = Certificates().current(), Certificates().current()
    server = DtlsEndpoint(ours, of_server)
    client = RTCDtlsTransport(theirs, [certificate])  # type: ignore[arg-type]
    client._set_role("client")
    prints = [("sha-256", fingerprint_of(certificate))]
    keys, _ = await asyncio.gather(server.handshake(prints), client.start(parameters(of_server)))
    return server, client, keys


def parameters(certificate: RTCCertificate) -> RTCDtlsParameters:
    value = fingerprint_of(certificate)
    return RTCDtlsParameters([RTCDtlsFingerprint(algorithm="sha-256", value=value)])


def records(server: DtlsEndpoint) -> list[bytes]:
    """What waits for a server that nobody reads for any more."""
    pipe = server._datagrams
    assert isinstance(pipe, Pipe)
    waiting = [pipe.inbox.get_nowait() for _ in range(pipe.inbox.qsize())]
    return [record for record in waiting if record is not None]


def policy(kind: int) -> Policy:
    return Policy(key=KEY, ssrc_type=kind, srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_128_GCM)


def test_the_versions_are_those_that_were_read() -> None:
    assert version("aiortc").startswith("1.16.")
    assert version("pylibsrtp").startswith("1.0.")


def test_aiortc_sdp_sessiondescription_parse() -> None:
    description = parse_description(an_offer())

    [audio] = description.media
    assert (audio.kind, audio.rtp.muxId, audio.direction) == ("audio", "0", "sendrecv")
    assert audio.ice is not None
    assert audio.ice.usernameFragment == "abcd"
    with pytest.raises(ValueError, match="unreadable"):
        parse_description("m=nonsense")
    with pytest.raises(ValueError, match="unknown format"):
        parse_description(an_offer("a=fmtp:99 x=1"))


def test_rtcdtlstransport_asks_its_transport_only_for_three_names() -> None:
    source = inspect.getsource(RTCDtlsTransport)

    asked = {
        word.split("transport.")[1].split("(")[0].split(",")[0].strip(" ):\n")
        for word in source.split()
        if "self.transport." in word or "self._transport." in word
    }
    assert asked == {"role", "_recv", "_send"}


async def test_set_role_srtp_profiles_tx_srtp_rx_srtp() -> None:
    server, client, (to_peer, from_peer) = await a_handshake()

    assert client._role == "client"
    assert client.state == "connected"
    packet = b"\x80\x6f\x00\x01" + bytes(8) + b"sound"
    assert client._rx_srtp.unprotect(to_peer.protect(packet)) == packet
    assert from_peer.unprotect(client._tx_srtp.protect(packet)) == packet
    assert len(to_peer.protect(packet)) == len(packet) + 16, "AES-GCM was taken"
    await client.stop()
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


async def test_ssl_and_task_after_the_handshake_are_the_connection_and_nothing_that_runs() -> None:
    before = asyncio.all_tasks()
    server, client, _ = await a_handshake()
    gone = weakref.ref(client)

    assert isinstance(server._ssl, SSL.Connection)
    assert server._dtls is None
    await client.stop()
    del client
    for _ in range(5):
        await asyncio.sleep(0)
    assert asyncio.all_tasks() == before, "neither aiortc's task nor one of ours"
    assert gone() is None
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


def test_create_ssl_context_is_asked_once_a_certificate_and_remembers_no_session() -> None:
    certificate = Certificates().current()

    contexts = [certificate._create_ssl_context(srtp_profiles=[]) for _ in range(2)]

    assert contexts[0] is contexts[1]
    assert contexts[0].get_session_cache_mode() == SSL.SESS_CACHE_OFF
    assert Certificates().current()._create_ssl_context(srtp_profiles=[]) is not contexts[0]


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


def test_session_srtp_and_binding_srtp_protect_and_ffi() -> None:
    session, reader = (
        Session(policy(Policy.SSRC_ANY_OUTBOUND)),
        Session(policy(Policy.SSRC_ANY_INBOUND)),
    )
    packet = b"\x80\x6f\x00\x01" + bytes(8) + b"sound"
    slot = ffi.new("char[]", 1024)
    ffi.memmove(slot, packet, len(packet))
    length = ffi.new("int *", len(packet))

    error = adapter.srtp_protect(adapter.srtp_context(session), slot, length)

    assert error == 0
    assert reader.unprotect(bytes(ffi.buffer(slot, length[0]))) == packet
    assert adapter.srtp_protect is lib.srtp_protect
    assert adapter.srtp_ffi is ffi


def test_binding_srtp_protect_rtcp() -> None:
    session, reader = (
        Session(policy(Policy.SSRC_ANY_OUTBOUND)),
        Session(policy(Policy.SSRC_ANY_INBOUND)),
    )
    packet = b"\x80\xc9\x00\x01" + bytes(4)
    slot = ffi.new("char[]", 1024)
    ffi.memmove(slot, packet, len(packet))
    length = ffi.new("int *", len(packet))

    assert adapter.srtp_protect_rtcp(adapter.srtp_context(session), slot, length) == 0
    assert reader.unprotect_rtcp(bytes(ffi.buffer(slot, length[0]))) == packet
    with pytest.raises(SrtpError):
        reader.unprotect_rtcp(bytes(40))


def test_every_name_is_listed_with_what_we_rely_on() -> None:
    assert all(adapter.PRIVATE_NAMES.values())
    assert len(adapter.PRIVATE_NAMES) == 13


def test_a_certificate_is_renewed_a_week_before_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    certificates = Certificates()
    first = certificates.current()
    assert certificates.current() is first

    monkeypatch.setattr(adapter, "_RENEW_BEFORE", timedelta(days=31))

    assert certificates.current() is not first
