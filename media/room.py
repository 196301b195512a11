"""One room's sound: at every 20 ms tick, what is heard goes to everybody."""

import secrets
import time
from collections.abc import Callable
from typing import Final
from uuid import UUID

from media.audio.activity import ActiveSpeakerDetector
from media.audio.encoding import RoomEncoder
from media.audio.mixer import AudioMixer
from media.audio.opus import FRAME_SAMPLES
from media.hls.packager import HlsPackager
from media.rtp.levels import LevelMeter
from media.rtp.packet import rtp_header
from media.rtp.receiver import RtpReceiver
from media.rtp.reporter import RtcpReporter
from media.sdp.offer import Kind
from media.session import WebRtcSession
from media.transport.fanout import FanOut, Receiver
from media.transport.mux import UdpMux

_SEQS: Final = 1 << 16
_TIMESTAMPS: Final = 1 << 32
# A listener whose first packets are lost just before the sequence number wraps would guess the
# roll-over counter wrong and never decrypt anything (RFC 3711, 3.3.1): let it in after the wrap.
_WRAP_IS_NEAR: Final = _SEQS - 25

Levels = dict[UUID, int]


class MediaRoom:
    """Speakers in, one mix out.

    * Who may be heard is told by ``is_heard``; this class only opens and shuts gates.
    * All receivers share SSRC, sequence numbers and timestamps.
    * Whoever is active gets the mix without himself or herself, over all own sessions.
    * What listeners hear is also cut into segments, while somebody asks for these.
    """

    def __init__(
        self,
        room_id: UUID,
        mux: UdpMux,
        *,
        is_heard: Callable[[UUID], bool],
        on_levels: Callable[[UUID, Levels], None],
    ) -> None:
        self.room_id = room_id
        self.ssrc = secrets.randbits(32)
        self.sessions: dict[UUID, WebRtcSession] = {}
        self.fan_out = FanOut(mux)
        self.packager: HlsPackager | None = None  # while somebody listens by HLS
        self._mux = mux
        self._is_heard = is_heard
        self._on_levels = on_levels
        self._speakers: dict[UUID, RtpReceiver] = {}
        self._places: dict[UUID, list[Receiver]] = {}
        self._arriving: list[WebRtcSession] = []
        self._detector = ActiveSpeakerDetector()
        self._mixer = AudioMixer()
        self._encoder = RoomEncoder()
        self._meter = LevelMeter()
        self._reporter = RtcpReporter(self.ssrc)
        self._seq = secrets.randbits(15)
        self._timestamp = secrets.randbits(32)

    def tick(self, skipped_ticks: int = 0) -> None:
        """Send the next 20 ms.

        :param skipped_ticks: how many the node missed, so that timestamps follow the clock.
        """
        frames = {}
        for account_id, receiver in self._speakers.items():
            if (frame := receiver.pull()) is not None:
                frames[account_id] = frame
        active = self._detector.update(frames)
        self._advance(1 + skipped_ticks)
        if len(self.fan_out) or self.packager is not None:
            payload, own = self._encoder.encode(self._mixer.mix(frames, active))
            if self.packager is not None:
                self.packager.take(payload, skipped_ticks)
            if len(self.fan_out):
                header = rtp_header(self._seq, self._timestamp, self.ssrc)
                self.fan_out.send_rtp(header, payload, self._per_place(own))
                self._reporter.note(len(payload))
        if levels := self._meter.tick(self._detector.energies, active):
            self._on_levels(self.room_id, levels)

    def admit(self, session: WebRtcSession) -> None:
        """Let a connected session speak, or hear, or both."""
        assert session.from_peer is not None
        if session.kind is Kind.WHIP:
            receiver = RtpReceiver(
                session.from_peer,
                payload_type=session.offer.payload_type,
                clock=time.monotonic,
                dropped=self._mux.dropped,
            )
            receiver.gate(is_open=self._is_heard(session.account_id))
            session.receiver = self._speakers[session.account_id] = receiver
            session.connection.on_srtp = receiver.receive
        if session.hears:
            self._arriving.append(session)
            self._let_in()

    def dismiss(self, session: WebRtcSession) -> None:
        """Take a session out of the mix and out of the fan-out."""
        session.connection.on_srtp = None
        if session in self._arriving:
            self._arriving.remove(session)
        if session.place is not None:
            self.fan_out.remove(session.place)
            self._places[session.account_id].remove(session.place)
            if not self._places[session.account_id]:
                del self._places[session.account_id]
            session.place = None
        is_speaker = session.receiver is not None
        if is_speaker and self._speakers.get(session.account_id) is session.receiver:
            del self._speakers[session.account_id]
            self._encoder.forget(session.account_id)

    def set_gates(self) -> None:
        """Open and shut every speaker's gate as it has to be now."""
        for account_id, receiver in self._speakers.items():
            receiver.gate(is_open=self._is_heard(account_id))

    def report(self, wall_s: float) -> None:
        """Send sender reports to all, and receiver reports to speakers."""
        self.fan_out.send_rtcp(self._reporter.sender_report(wall_s, self._timestamp))
        for session in self.sessions.values():
            if session.receiver is not None and session.to_peer is not None:
                reception = session.receiver.reception()
                address = session.connection.address
                if reception is not None and address is not None:
                    report = self._reporter.receiver_report(reception)
                    self._mux.send(session.to_peer.protect_rtcp(report), address)

    def _advance(self, ticks: int) -> None:
        self._seq = (self._seq + 1) % _SEQS
        self._timestamp = (self._timestamp + ticks * FRAME_SAMPLES) % _TIMESTAMPS
        if self._arriving:
            self._let_in()

    def _let_in(self) -> None:
        if self._seq >= _WRAP_IS_NEAR:
            return
        for session in self._arriving:
            assert session.to_peer is not None
            session.place = self.fan_out.add(
                session.to_peer, session.connection, session.offer.payload_type
            )
            self._places.setdefault(session.account_id, []).append(session.place)
        self._arriving.clear()

    def _per_place(self, own: dict[UUID, bytes]) -> dict[Receiver, bytes]:
        return {
            place: payload
            for account_id, payload in own.items()
            for place in self._places.get(account_id, ())
        }
