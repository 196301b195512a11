"""One WHIP or WHEP resource (RFC 9725)."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from pylibsrtp import Session as SrtpSession

from media.rtp.receiver import RtpReceiver
from media.sdp.answer import Here, direction_of, write_answer
from media.sdp.fragment import write_restart
from media.sdp.offer import Kind, Offer
from media.transport.adapter import Certificates, DtlsEndpoint, fingerprint_of
from media.transport.fanout import Receiver
from media.transport.ice import IceLiteConnection
from media.transport.mux import UdpMux
from spaces_project.kernel.ids import new_id, public

log = logging.getLogger(__name__)

PREFIX: Final = "ses"


class WebRtcSession:
    """One person's connection to one room, from the offer until it is closed.

    After the handshake a listener holds one SRTP session, an address and an OpenSSL connection: no
    task, no queue, no peer connection object. Thousands of those make every full garbage
    collection long.
    """

    def __init__(
        self,
        *,
        room_id: UUID,
        account_id: UUID,
        expires_at: datetime,
        credential: UUID | None,
        kind: Kind,
        offer: Offer,
        mux: UdpMux,
        certificates: Certificates,
    ) -> None:
        self.session_id = new_id()
        self.room_id = room_id
        self.account_id = account_id
        self.expires_at = expires_at
        self.credential = credential
        self.kind = kind
        self.offer = offer
        self.connection = IceLiteConnection(mux)
        self.receiver: RtpReceiver | None = None  # of a speaker
        self.place: Receiver | None = None  # in the room's fan-out
        self.to_peer: SrtpSession | None = None
        self.from_peer: SrtpSession | None = None
        self.closed = False
        self._here = Here(mux.host, mux.port)
        certificate = certificates.current()
        self._fingerprint = fingerprint_of(certificate)
        self._dtls = DtlsEndpoint(self.connection, certificate, active=offer.is_passive)
        self._peer_ufrag = offer.ufrag
        self._starting: asyncio.Task[None] | None = None

    @property
    def public_id(self) -> str:
        """The session's name in addresses."""
        return public(PREFIX, self.session_id)

    @property
    def etag(self) -> str:
        """Changes with every ICE restart (RFC 9725, 4.3.1)."""
        return f'"{self.connection.credentials.ufrag}"'

    @property
    def hears(self) -> bool:
        """Whether the peer agreed to receive sound."""
        return direction_of(self.offer, self.kind) != "recvonly"

    def answer(self, ssrc: int) -> str:
        """Return the answer to the offer."""
        return write_answer(
            self.offer,
            self.kind,
            credentials=self.connection.credentials,
            here=self._here,
            fingerprint=self._fingerprint,
            ssrc=ssrc,
        )

    def start(
        self,
        connected: Callable[["WebRtcSession"], None],
        gone: Callable[["WebRtcSession"], None],
    ) -> None:
        """Wait for the peer, shake hands, and say so; ``gone`` when it fails or hangs up."""
        self._starting = asyncio.ensure_future(self._shake_hands(connected, gone))

    def restart(self, peer_ufrag: str | None) -> str | None:
        """Restart ICE if the peer has new credentials; return the fragment to answer with.

        None when there is nothing to do: candidates alone mean nothing to an ICE-lite agent,
        which learns addresses from checks.
        """
        if peer_ufrag is None or peer_ufrag == self._peer_ufrag:
            return None
        self._peer_ufrag = peer_ufrag
        return write_restart(
            self.connection.restart(),
            self._here,
            mid=self.offer.mid,
            payload_type=self.offer.payload_type,
        )

    async def close(self) -> None:
        """Say goodbye and give everything back, within two seconds."""
        if self.closed:
            return
        self.closed = True
        if self._starting is not None and self._starting is not asyncio.current_task():
            self._starting.cancel()
        self.connection.on_srtp = None
        await self._dtls.close()
        await self.connection.close()
        self.to_peer = self.from_peer = self.receiver = self.place = self._starting = None

    async def _shake_hands(
        self,
        connected: Callable[["WebRtcSession"], None],
        gone: Callable[["WebRtcSession"], None],
    ) -> None:
        try:
            await self.connection.connect()
            self.to_peer, self.from_peer = await self._dtls.handshake(self.offer.fingerprints)
        except ConnectionError as reason:
            log.info("%s of %s: %s", self.kind, self.public_id, reason)
            gone(self)
        else:
            self._dtls.on_closed = lambda: gone(self)
            connected(self)
            self.connection.settle(self._dtls.take)
            if self.kind is Kind.WHEP:
                self.from_peer = None  # a listener's reports are not read
        finally:
            self._starting = None
