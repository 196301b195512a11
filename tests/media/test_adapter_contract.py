"""Names that aiortc and pylibsrtp do not promise: one claim for each that we touch."""

import asyncio
import inspect
from datetime import timedelta
from importlib.metadata import version

import pytest
from aiortc.rtcdtlstransport import RTCDtlsTransport
from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found, unused-ignore]

from media.transport import adapter
from media.transport.adapter import Certificates, DtlsEndpoint, SrtpError, parse_description
from tests.media.offers import an_offer

KEY = bytes(range(28))


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

    _recv, _send = recv, send


def pipes() -> tuple[Pipe, Pipe]:
    ours, theirs = Pipe(), Pipe()
    ours.other, theirs.other = theirs, ours
    return ours, theirs


async def a_handshake() -> tuple[DtlsEndpoint, RTCDtlsTransport, tuple[Session, Session]]:
    ours, theirs = pipes()
    certificate = Certificates().current()
    server = DtlsEndpoint(ours, Certificates().current())
    client = RTCDtlsTransport(theirs, [certificate])  # type: ignore[arg-type]
    client._set_role("client")
    prints = [(each.algorithm, each.value) for each in certificate.getFingerprints()]
    parameters = server._dtls.getLocalParameters()
    keys, _ = await asyncio.gather(server.handshake(prints), client.start(parameters))
    return server, client, keys


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

    assert server._dtls._role == "server"
    assert client.state == server._dtls.state == "connected"
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
    for _ in range(10):
        await asyncio.sleep(0)

    assert goodbyes == [1]
    await server.close()
    assert goodbyes == [1]


async def test_a_wrong_fingerprint_is_no_connection() -> None:
    ours, theirs = pipes()
    server = DtlsEndpoint(ours, Certificates().current())
    client = RTCDtlsTransport(theirs, [Certificates().current()])  # type: ignore[arg-type]
    client._set_role("client")
    starting = asyncio.ensure_future(client.start(server._dtls.getLocalParameters()))

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
    assert len(adapter.PRIVATE_NAMES) == 10


def test_a_certificate_is_renewed_a_week_before_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    certificates = Certificates()
    first = certificates.current()
    assert certificates.current() is first

    monkeypatch.setattr(adapter, "_RENEW_BEFORE", timedelta(days=31))

    assert certificates.current() is not first
