"""One light peer: from a socket to SRTP, kept alive as a browser keeps it."""

import random
import secrets
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import Final

from pylibsrtp import Session

from bench.light_peers.description import LOOPBACK, Local, Remote
from bench.light_peers.handshake import Certificate, Handshake
from bench.light_peers.stun import (
    confirms,
    is_check,
    nominating_check,
    success,
    transaction_of,
)

FIRST_CHECKS_EVERY_S: Final = 0.05
CHECK_EVERY_S: Final = 2.5  # as Chromium does on a pair that works
# libnice, ICE-lite or not, sends a check of its own and loses what comes before the answer; DTLS
# would repeat its first flight only after a second.
SHAKE_AFTER_S: Final = 0.06
REPORT_EVERY_S: Final = (3.0, 7.0)  # 5 s give or take (RFC 3550, 6.2)
_RECEIVER_REPORT: Final = 201
_RTCP_TYPES: Final = range(192, 224)  # RFC 5761, 4


class LightPeer:
    """A controlling ICE agent, a DTLS client, and a hearer or a voice.

    Signalling happens on any thread until ``begin``; everything after it on the loop's alone.

    :param heard: is given every RTP packet, still encrypted.
    """

    def __init__(
        self, certificate: Certificate, heard: Callable[["LightPeer", bytes], None]
    ) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.bind((LOOPBACK, 0))
        self.local = Local(
            port=self.socket.getsockname()[1],
            ufrag=secrets.token_hex(4),
            password=secrets.token_hex(12),
            fingerprint=certificate.fingerprint,
            ssrc=secrets.randbits(32),
        )
        self.settled = threading.Event()  # connected, or failed
        self.failure: str | None = "it did not answer"
        self.profile = ""
        self.to_peer: Session | None = None
        self.from_peer: Session | None = None
        self.last: bytes = b""  # the header of the latest packet, for receiver reports
        self._heard = heard
        self._talking = threading.Lock()  # a session of pylibsrtp has one buffer for everything
        self._certificate = certificate
        self._remote: Remote | None = None
        self._handshake: Handshake | None = None
        self._tie_breaker = secrets.token_bytes(8)
        self._transaction_id = secrets.token_bytes(12)
        self._check_at = self._report_at = 0.0
        self._shake_at: float | None = None

    def begin(self, remote: Remote) -> None:
        """Let the loop check the way to the server."""
        self.socket.connect((LOOPBACK, remote.port))
        self._remote = remote  # from here on the loop may send

    def take(self, datagram: bytes) -> None:
        """Take one datagram (RFC 7983, 7: its first byte says what it is)."""
        first = datagram[0]
        if 128 <= first < 192:
            if self.from_peer is not None and datagram[1] not in _RTCP_TYPES:
                self.last = datagram[:12]
                self._heard(self, datagram)
        elif 20 <= first < 64:
            if self._handshake is not None:
                self._handshake.take(datagram)
                self._shake()
        elif first < 4:
            self._stun(datagram)

    def keep_alive(self, now: float) -> None:
        """Check, retransmit and report whatever is due."""
        if self._remote is None or (self.settled.is_set() and self.failure):
            return
        if now >= self._check_at:
            self._check(now)
        if self._handshake is None:
            if self._shake_at is not None and now >= self._shake_at:
                self._handshake = Handshake(self._certificate, self._remote.fingerprint)
                self._shake()
        elif self.to_peer is None:
            self._handshake.retransmit()
            self._flush(self._handshake)
        elif now >= self._report_at:
            self._report(now)

    def send(self, datagram: bytes) -> None:
        """Send to the server; what does not fit is lost."""
        try:
            self.socket.send(datagram)
        except OSError:  # a full buffer, or a server that is gone
            return

    def say(self, packet: bytes) -> None:
        """Encrypt an RTP packet and send it; any thread may, once the peer has settled."""
        assert self.to_peer is not None
        with self._talking:
            self.send(self.to_peer.protect(packet))

    def _check(self, now: float) -> None:
        assert self._remote is not None
        if self._shake_at is not None:  # before, it is the first one repeated (RFC 8489, 6.2.1)
            self._transaction_id = secrets.token_bytes(12)
        self.send(
            nominating_check(
                self._transaction_id,
                username=f"{self._remote.ufrag}:{self.local.ufrag}",
                key=self._remote.password.encode(),
                tie_breaker=self._tie_breaker,
            )
        )
        self._check_at = now + (FIRST_CHECKS_EVERY_S if self._shake_at is None else CHECK_EVERY_S)

    def _stun(self, datagram: bytes) -> None:
        if self._remote is None:
            return
        if is_check(datagram, key := self.local.password.encode()):
            transaction_id = transaction_of(datagram)
            self.send(success(transaction_id, host=LOOPBACK, port=self._remote.port, key=key))
        elif self._shake_at is None and confirms(
            datagram, self._transaction_id, self._remote.password.encode()
        ):
            now = time.monotonic()
            self._shake_at = now + SHAKE_AFTER_S
            self._check_at = now + random.uniform(0.5, 1) * CHECK_EVERY_S

    def _shake(self) -> None:
        assert self._handshake is not None
        try:
            sessions = self._handshake.advance() if self.to_peer is None else None
        except ValueError as reason:
            self.failure = str(reason)
            self.settled.set()
            return
        self._flush(self._handshake)
        if sessions is not None:
            self.to_peer, self.from_peer = sessions
            self.profile = self._handshake.profile
            self._report_at = time.monotonic() + random.uniform(0.5, 5)
            self.failure = None
            self.settled.set()

    def _flush(self, handshake: Handshake) -> None:
        for datagram in handshake.outgoing():
            self.send(datagram)

    def _report(self, now: float) -> None:
        """Say what arrived (RFC 3550, 6.4.2)."""
        self._report_at = now + random.uniform(*REPORT_EVERY_S)
        if not self.last or self.to_peer is None:
            return
        seq, source = struct.unpack_from("!2xH4xI", self.last)
        report = struct.pack(
            "!BBHIIIIIII", 0x81, _RECEIVER_REPORT, 7, self.local.ssrc, source, 0, seq, 0, 0, 0
        )
        with self._talking:
            self.send(self.to_peer.protect_rtcp(report))
