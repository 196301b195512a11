"""The only place that touches names which aiortc and pylibsrtp do not promise to keep.

Each is listed in ``PRIVATE_NAMES`` with what we rely on, and has a test in
``tests/media/test_adapter_contract.py``; the versions are pinned in pyproject.toml.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol, cast

from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_128_GCM,
    SRTP_AES128_CM_SHA1_80,
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)
from aiortc.sdp import SessionDescription
from OpenSSL import SSL
from pylibsrtp import Error as SrtpError
from pylibsrtp import Session
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found, unused-ignore]

from media.domain.limits import CLOSE_S, HANDSHAKE_S

__all__ = [
    "PRIVATE_NAMES",
    "Certificates",
    "DtlsEndpoint",
    "SrtpError",
    "fingerprint_of",
    "parse_description",
    "srtp_context",
    "srtp_ffi",
    "srtp_protect",
    "srtp_protect_rtcp",
]

PRIVATE_NAMES: Final = {
    "aiortc.sdp.SessionDescription.parse": "reads an offer; raises ordinary exceptions on nonsense",
    "RTCDtlsTransport(transport)": "asks its transport only for role, _recv and _send",
    "RTCDtlsTransport._set_role": "decides before start() who is the DTLS server",
    "RTCDtlsTransport._srtp_profiles": "the profiles offered, the preferred one first",
    "RTCDtlsTransport._tx_srtp": "pylibsrtp session to the peer, set when connected",
    "RTCDtlsTransport._rx_srtp": "pylibsrtp session from the peer, set when connected",
    "RTCDtlsTransport._ssl": "the OpenSSL connection; all that is needed once connected",
    "RTCDtlsTransport._task": "reads once connected; has not begun when start() returns",
    "RTCCertificate._create_ssl_context": "makes an OpenSSL context for each connection",
    "pylibsrtp.Session._srtp": "cffi pointer to the libsrtp context",
    "pylibsrtp._binding.lib.srtp_protect": "int srtp_protect(srtp_t, void *, int *)",
    "pylibsrtp._binding.lib.srtp_protect_rtcp": "the same for RTCP",
    "pylibsrtp._binding.ffi": "casts numpy's addresses to pointers for these calls",
}

# AES-128-GCM takes half the time of AES-CM with HMAC-SHA-1, and Chromium takes it.
_PROFILES: Final = [SRTP_AEAD_AES_128_GCM, SRTP_AES128_CM_SHA1_80]
_RENEW_BEFORE: Final = timedelta(days=7)
_READ_BYTES: Final = 1500

srtp_ffi: Any = ffi
srtp_protect: Callable[[Any, Any, Any], int] = lib.srtp_protect
srtp_protect_rtcp: Callable[[Any, Any, Any], int] = lib.srtp_protect_rtcp


def srtp_context(session: Session) -> Any:
    """Return the libsrtp context inside a session, as its C functions take it."""
    return session._srtp[0]


def fingerprint_of(certificate: RTCCertificate) -> str:
    """Return the SHA-256 fingerprint of a certificate, as SDP writes it."""
    prints = certificate.getFingerprints()
    return next(each.value for each in prints if each.algorithm == "sha-256")


def parse_description(sdp: str) -> SessionDescription:
    """Read a session description.

    :raises ValueError: if it cannot be read, in whatever way aiortc noticed.
    """
    try:
        return SessionDescription.parse(sdp)
    except (ValueError, AssertionError, LookupError, TypeError, AttributeError) as broken:
        raise ValueError("unreadable description") from broken
    except (StopIteration, RuntimeError) as broken:
        raise ValueError("description names an unknown format") from broken


class Certificates:
    """The node's DTLS certificate; aiortc's last 30 days, so a new one comes in time."""

    def __init__(self) -> None:
        self._current = _certificate()

    def current(self) -> RTCCertificate:
        """Return a certificate that is good for a week at least."""
        if self._current.expires - datetime.now(UTC) < _RENEW_BEFORE:
            self._current = _certificate()
        return self._current


def _certificate() -> RTCCertificate:
    """Return a certificate whose connections share one OpenSSL context: 40 KB and 1 ms less each.

    A context remembers sessions, in which nobody would ask for the peer's certificate again, and
    which would pile up: it must not.
    """
    certificate = RTCCertificate.generateCertificate()
    context = certificate._create_ssl_context(srtp_profiles=_PROFILES)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_mode(SSL.MODE_RELEASE_BUFFERS)
    certificate._create_ssl_context = (  # type: ignore[method-assign]
        lambda srtp_profiles: context  # noqa: ARG005 - aiortc names it
    )
    return certificate


class Datagrams(Protocol):
    """What carries DTLS records."""

    async def recv(self) -> bytes: ...
    async def send(self, datagram: bytes) -> None: ...
    def post(self, datagram: bytes) -> None: ...


class _Transport:
    """What RTCDtlsTransport asks of an RTCIceTransport."""

    role = "controlled"

    def __init__(self, datagrams: Datagrams) -> None:
        self._recv: Callable[[], Awaitable[bytes]] = datagrams.recv
        self._send: Callable[[bytes], Awaitable[None]] = datagrams.send


class DtlsEndpoint:
    """Our side of one DTLS association, and the SRTP sessions that come of it.

    We are the server (``a=setup:passive``) unless the peer insists on being it. aiortc's transport
    serves for the handshake alone; afterwards the OpenSSL connection is kept, without any task.
    """

    def __init__(
        self, datagrams: Datagrams, certificate: RTCCertificate, *, active: bool = False
    ) -> None:
        self._datagrams = datagrams
        self._ssl: SSL.Connection | None = None
        self._dtls: RTCDtlsTransport | None = RTCDtlsTransport(
            cast("Any", _Transport(datagrams)), [certificate]
        )
        self._dtls._set_role("client" if active else "server")
        self._dtls._srtp_profiles = list(_PROFILES)
        self.on_closed: Callable[[], None] | None = None

    async def handshake(self, fingerprints: list[tuple[str, str]]) -> tuple[Session, Session]:
        """Shake hands with the holder of the offered certificate.

        :param fingerprints: algorithm and value, all of the offer's.
        :returns: the SRTP sessions to and from the peer.
        :raises ConnectionError: if it fails, takes longer than 10 s, or was closed meanwhile.
        """
        dtls = self._dtls
        if dtls is None:
            raise ConnectionError("closed")
        wanted = [RTCDtlsFingerprint(algorithm=name, value=value) for name, value in fingerprints]
        try:
            async with asyncio.timeout(HANDSHAKE_S):
                await dtls.start(RTCDtlsParameters(fingerprints=wanted))
        except TimeoutError:
            raise ConnectionError("the DTLS handshake took too long") from None
        if dtls.state != "connected" or self._dtls is None:
            raise ConnectionError("the DTLS handshake failed")
        # From here on nothing is waited for: no record is lost between aiortc's task and ``take``.
        assert dtls._task is not None
        dtls._task.cancel()
        dtls._task = None  # its exception would hold the transport, which would hold it
        self._ssl, self._dtls = dtls._ssl, None
        return dtls._tx_srtp, dtls._rx_srtp

    def take(self, record: bytes) -> None:
        """Take a record after the handshake: a goodbye, or the end of the handshake once more."""
        if self._ssl is None:
            return
        says_goodbye = False
        try:
            self._ssl.bio_write(record)
            while True:  # all records of the datagram: what is left in OpenSSL would pile up
                self._ssl.recv(_READ_BYTES)
        except SSL.ZeroReturnError:
            says_goodbye = True
        except SSL.Error:  # nothing more to read, or nonsense
            pass
        self._flush()
        if says_goodbye and self.on_closed is not None:
            self.on_closed()

    async def close(self) -> None:
        """Say goodbye, at most for 1.5 s, and let go of everything."""
        self.on_closed = None
        dtls, self._dtls = self._dtls, None
        if dtls is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_S):
                    await dtls.stop()
        if self._ssl is not None:
            with contextlib.suppress(SSL.Error):
                self._ssl.shutdown()
            self._flush()
            self._ssl = None

    def _flush(self) -> None:
        assert self._ssl is not None
        with contextlib.suppress(SSL.Error):  # WantRead: nothing more to send
            while True:
                self._datagrams.post(self._ssl.bio_read(_READ_BYTES))
