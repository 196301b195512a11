"""Names that aiortc and pylibsrtp do not promise: one claim for each that we touch."""

import asyncio
import inspect
import weakref
from datetime import timedelta
from importlib.metadata import version

import pytest
from aiortc.rtcdtlstransport import RTCDtlsTransport
from OpenSSL import SSL
from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found, unused-ignore]

from media.transport import adapter
from media.transport.adapter import Certificates, SrtpError, parse_description
from tests.media.handshakes import a_handshake
from tests.media.offers import an_offer

KEY = bytes(range(28))


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


def test_create_ssl_context_is_asked_once_a_certificate_and_remembers_no_session() -> None:
    certificate = Certificates().current()

    contexts = [certificate._create_ssl_context(srtp_profiles=[]) for _ in range(2)]

    assert contexts[0] is contexts[1]
    assert contexts[0].get_session_cache_mode() == SSL.SESS_CACHE_OFF
    assert Certificates().current()._create_ssl_context(srtp_profiles=[]) is not contexts[0]


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
