"""What one room tells its peers about its stream, every three seconds."""

from media.rtp.reports import Reception, receiver_report, sender_report


class RtcpReporter:
    """Counts what the room sent; receivers line clocks up by it (RFC 3550, 6.4.1)."""

    def __init__(self, ssrc: int) -> None:
        self._ssrc = ssrc
        self._packets = 0
        self._octets = 0

    def note(self, payload_bytes: int) -> None:
        """Count one packet of the common stream."""
        self._packets += 1
        self._octets += payload_bytes

    def sender_report(self, wall_s: float, timestamp: int) -> bytes:
        """Return the report that every receiver gets.

        :param timestamp: of the last packet sent, in 1/48000 s, as the RTP header had it.
        """
        return sender_report(
            ssrc=self._ssrc,
            wall_s=wall_s,
            timestamp=timestamp,
            packets=self._packets,
            octets=self._octets,
        )

    def receiver_report(self, reception: Reception) -> bytes:
        """Return what a speaker learns about the way to us."""
        return receiver_report(ssrc=self._ssrc, blocks=[reception.block()])
