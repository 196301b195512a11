"""What one speaker sends, from the wire to 20 ms of sound."""

from collections.abc import Callable
from typing import Final

from pylibsrtp import Session

from media.audio.jitter import JitterBuffer
from media.audio.opus import OpusDecoder, Pcm
from media.domain.limits import SSRCS_PER_SPEAKER
from media.rtp.packet import RtpPacket, is_rtcp, read_rtp, ssrc_of
from media.rtp.reports import Reception
from media.transport.adapter import SrtpError
from media.transport.guard import Dropped, SpeakerAllowance

_TAKE_OVER_S: Final = 0.1  # a new source follows once the former has been silent so long


class RtpReceiver:
    """Decrypt, limit, gate and buffer one speaker's packets.

    While the gate is shut packets are still authenticated, so that the replay window and the
    roll-over counter stay right, but nothing of them is kept.
    """

    def __init__(
        self,
        session: Session,
        *,
        payload_type: int,
        clock: Callable[[], float],
        dropped: Dropped,
    ) -> None:
        self.open = False
        self.buffer = JitterBuffer(OpusDecoder())
        self._session = session
        self._payload_type = payload_type
        self._clock = clock
        self._dropped = dropped
        self._allowance = SpeakerAllowance(clock())
        self._sources: dict[int, Reception] = {}
        self._current: int | None = None
        self._current_at = 0.0

    def gate(self, *, is_open: bool) -> None:
        """Let this speaker be heard or not; what waits at that moment is heard by nobody."""
        if is_open != self.open:
            self.open = is_open
            self.buffer.flush()

    def receive(self, datagram: bytes) -> None:
        """Take one SRTP or SRTCP datagram from the speaker's address."""
        if is_rtcp(datagram):
            return  # nothing in it is needed, so nothing in it can hurt
        ssrc, now = ssrc_of(datagram), self._clock()
        if ssrc is None or not self._is_welcome(ssrc):
            self._dropped["source"] += 1
            return
        if not self._allowance.left(now):
            self._dropped["rate"] += 1
            return
        try:
            packet = read_rtp(self._session.unprotect(datagram))
        except SrtpError:
            self._dropped["srtp not authentic"] += 1
            return
        self._allowance.charge(len(datagram))
        if packet is None or packet.payload_type != self._payload_type:
            self._dropped["rtp unusable"] += 1
            return
        self._take(packet, now)

    def pull(self) -> Pcm | None:
        """Return the next 20 ms; None while nothing is to be heard."""
        return self.buffer.pull() if self.open else None

    def reception(self) -> Reception | None:
        """Return how the current source arrives, for a receiver report."""
        return None if self._current is None else self._sources[self._current]

    def _is_welcome(self, ssrc: int) -> bool:
        # libsrtp keeps a stream for every source it ever authenticated: hence the cap, before it.
        return ssrc in self._sources or len(self._sources) < SSRCS_PER_SPEAKER

    def _take(self, packet: RtpPacket, now: float) -> None:
        source = self._sources.setdefault(packet.ssrc, Reception(packet.ssrc))
        source.note(packet.seq, packet.timestamp, now)
        if packet.ssrc != self._current:
            if self._current is not None and now - self._current_at < _TAKE_OVER_S:
                return
            self._current = packet.ssrc
            self.buffer.flush()
        self._current_at = now
        if self.open:
            self.buffer.put(packet.seq, packet.payload)
