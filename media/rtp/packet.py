"""RTP headers, read and written (RFC 3550, 5.1; RFC 8285)."""

import struct
from dataclasses import dataclass
from typing import Final

HEADER_BYTES: Final = 12
_VERSION: Final = 0x80
_VERSION_MASK: Final = 0xC0
_PADDING: Final = 0x20
_EXTENSION: Final = 0x10
_RTCP_TYPES: Final = range(192, 224)  # RFC 5761, 4


@dataclass(frozen=True, slots=True)
class RtpPacket:
    """One packet of sound, decrypted."""

    payload_type: int
    seq: int
    timestamp: int  # 1/48000 s
    ssrc: int
    payload: bytes


def is_rtcp(datagram: bytes) -> bool:
    """Return whether a datagram from the SRTP range is RTCP (RFC 5761, 4)."""
    return len(datagram) > 1 and datagram[1] in _RTCP_TYPES


def ssrc_of(datagram: bytes) -> int | None:
    """Return who claims to send, before anything is decrypted; None if it is too short."""
    if len(datagram) < HEADER_BYTES or datagram[0] & _VERSION_MASK != _VERSION:
        return None
    return int.from_bytes(datagram[8:12])


def read_rtp(packet: bytes) -> RtpPacket | None:
    """Read a decrypted packet; None if its lengths contradict each other."""
    if len(packet) < HEADER_BYTES or packet[0] & _VERSION_MASK != _VERSION:
        return None
    flags, kind, seq, timestamp, ssrc = struct.unpack_from("!BBHII", packet)
    start = HEADER_BYTES + 4 * (flags & 0x0F)
    if flags & _EXTENSION:
        if start + 4 > len(packet):
            return None
        start += 4 + 4 * struct.unpack_from("!H", packet, start + 2)[0]
    end = len(packet) - (packet[-1] if flags & _PADDING else 0)
    if start > end:
        return None
    return RtpPacket(kind & 0x7F, seq, timestamp, ssrc, packet[start:end])


def rtp_header(seq: int, timestamp: int, ssrc: int) -> bytes:
    """Return a header without payload type, contributors or extensions."""
    return struct.pack("!BBHII", _VERSION, 0, seq, timestamp, ssrc)
