"""RTCP sender and receiver reports (RFC 3550, 6.4)."""

import struct
from dataclasses import dataclass
from typing import Final

SAMPLE_RATE: Final = 48_000
_NTP_EPOCH_S: Final = 2_208_988_800  # from 1900 to 1970
_SENDER_REPORT: Final = 200
_RECEIVER_REPORT: Final = 201
_DESCRIPTION: Final = 202
_CNAME: Final = 1
_SEQS: Final = 1 << 16
_MOST_LOST: Final = (1 << 23) - 1


@dataclass
class Reception:
    """How one source arrives: loss and jitter as its sender wants to know them (appendix A)."""

    ssrc: int
    jitter: float = 0.0  # 1/48000 s
    _base: int = -1
    _highest: int = -1
    _received: int = 0
    _expected_before: int = 0
    _received_before: int = 0
    _transit: float | None = None

    def note(self, seq: int, timestamp: int, arrived_s: float) -> None:
        """Count one packet."""
        self._received += 1
        if self._highest < 0:
            self._base = self._highest = seq
        else:
            step = (seq - self._highest + _SEQS // 2) % _SEQS - _SEQS // 2
            self._highest = max(self._highest, self._highest + step)
        transit = arrived_s * SAMPLE_RATE - timestamp
        if self._transit is not None:
            deviation = abs(transit - self._transit)
            if deviation < SAMPLE_RATE:  # a leap of a second is a new clock, no jitter
                self.jitter += (deviation - self.jitter) / 16
        self._transit = transit

    def block(self) -> bytes:
        """Return the report block since the last one."""
        expected = self._highest - self._base + 1
        newly_expected = expected - self._expected_before
        newly_lost = newly_expected - (self._received - self._received_before)
        self._expected_before, self._received_before = expected, self._received
        fraction = 0
        if newly_expected > 0 and newly_lost > 0:
            fraction = min(255, (newly_lost << 8) // newly_expected)
        lost = max(0, min(_MOST_LOST, expected - self._received))
        return struct.pack(
            "!IIIIII",
            self.ssrc,
            (fraction << 24) | lost,
            self._highest & 0xFFFFFFFF,
            int(self.jitter),
            0,  # no sender report of theirs is read: no round trip is told
            0,
        )


def sender_report(*, ssrc: int, wall_s: float, timestamp: int, packets: int, octets: int) -> bytes:
    """Return a sender report with its source description, for every receiver the same.

    :param wall_s: seconds since 1970 at which ``timestamp`` (1/48000 s) was sampled.
    """
    ntp = int((wall_s + _NTP_EPOCH_S) * (1 << 32)) & 0xFFFFFFFFFFFFFFFF
    report = struct.pack(
        "!BBHIQIII",
        0x80,
        _SENDER_REPORT,
        6,
        ssrc,
        ntp,
        timestamp & 0xFFFFFFFF,
        packets & 0xFFFFFFFF,
        octets & 0xFFFFFFFF,
    )
    return report + _description(ssrc)


def receiver_report(*, ssrc: int, blocks: list[bytes]) -> bytes:
    """Return a receiver report, from which a sender learns how much redundancy to add."""
    words = 1 + 6 * len(blocks)
    head = struct.pack("!BBHI", 0x80 | len(blocks), _RECEIVER_REPORT, words, ssrc)
    return head + b"".join(blocks) + _description(ssrc)


def _description(ssrc: int) -> bytes:
    name = b"room"
    items = bytes((_CNAME, len(name))) + name
    items += bytes(4 - len(items) % 4)  # one to four zeros end the list
    return struct.pack("!BBHI", 0x81, _DESCRIPTION, 1 + len(items) // 4, ssrc) + items
