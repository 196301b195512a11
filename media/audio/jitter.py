"""Wait for packets just as long as the network makes it necessary."""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from media.audio.opus import FRAME_SAMPLES, Pcm

START_DEPTH: Final = 2  # packets: one to play, one to recover a lost one from (20 ms)
WANTED_SLACK: Final = 1  # ticks that the latest packet comes before it is needed
JUMP_SLACK: Final = 5  # more than this is not played faster but skipped
FASTER_EVERY: Final = 10  # frames: at most a tenth faster than it was said
WINDOW_PACKETS: Final = 50  # 1 s of packets before the buffer shrinks
MOST_PACKETS: Final = 50
MOST_CONCEALED: Final = 5  # frames of PLC before it counts as a pause (100 ms)
FAR_PACKETS: Final = 100  # a leap this wide is another numbering (RFC 3550, A.1)
_SEQS: Final = 1 << 16


class FrameDecoder(Protocol):
    """What the buffer asks of a codec."""

    def decode(self, payload: bytes) -> Pcm: ...  # noqa: D102
    def recover(self, following: bytes, samples: int) -> Pcm: ...  # noqa: D102
    def conceal(self, samples: int = FRAME_SAMPLES) -> Pcm: ...  # noqa: D102
    def reset(self) -> None: ...  # noqa: D102


@dataclass
class JitterCounts:
    """What happened to one speaker's packets."""

    received: int = 0
    late: int = 0
    doubled: int = 0
    recovered: int = 0
    concealed: int = 0
    underruns: int = 0
    skipped: int = 0
    resets: int = 0


class JitterBuffer:
    """One speaker's packets in, one 20 ms frame out at each tick.

    * A missing packet is recovered from the next one (FEC), else concealed (PLC).
    * Nothing there yet: conceal and wait, which deepens the buffer by just that frame; if the
      packets then turn out lost, not late, the concealment counts in their place.
    * Depth follows the slack of the latest packet of each second: for each tick of slack above the
      first, a frame is overlapped with its neighbour, one in ten; far above, packets are skipped.
      Clock drift is handled so too.
    * A leap in numbering starts anew at its second packet.
    """

    def __init__(self, decoder: FrameDecoder) -> None:
        self.counts = JitterCounts()
        self._decoder = decoder
        self._packet_samples = FRAME_SAMPLES
        self._stray: int | None = None
        self._packets: dict[int, bytes] = {}
        self._next: int | None = None  # place of the packet to be decoded next
        self._highest = -1
        self._pcm = np.zeros(0, np.int16)
        self._waiting = True
        self._waited_ticks = 0
        self._inserted = 0  # frames concealed without knowing whether their packets are lost
        self._least_slack = MOST_PACKETS
        self._seen = 0
        self._excess = 0  # frames too many
        self._at_pace = 0  # frames since one was overlapped

    def put(self, seq: int, payload: bytes) -> None:
        """Take a packet, in whatever order it comes.

        :param seq: RTP sequence number, 16 bit.
        """
        self.counts.received += 1
        place = self._place(seq)
        if place is None:
            return
        if place in self._packets:
            self.counts.doubled += 1
            return
        if self._next is not None and place < self._next:
            self.counts.late += 1
            return
        self._packets[place] = payload
        self._highest = max(self._highest, place)
        if not self._waiting and self._next is not None:
            self._note_slack(place - self._next)
        if len(self._packets) > MOST_PACKETS:
            self._skip_to(self._highest - START_DEPTH + 1)

    def pull(self) -> Pcm | None:
        """Return the next 20 ms; None while there is nothing to play."""
        if self._waiting and not self._may_start():
            return None
        frame = self._take()
        self._at_pace += 1
        if frame is not None and self._excess > 0 and self._at_pace >= FASTER_EVERY:
            frame = self._shorten(frame)
        return frame

    def flush(self) -> None:
        """Throw away all that waits and all that the decoder remembers."""
        self._decoder.reset()
        self._packets.clear()
        self._next, self._highest = None, -1
        self._pcm = self._pcm[:0]
        self._waiting = True
        self._waited_ticks = self._inserted = 0
        self._least_slack, self._seen, self._excess = MOST_PACKETS, 0, 0

    def _place(self, seq: int) -> int | None:
        """Return the packet's place in an endless count, None for a stray one."""
        if self._highest < 0:
            self._highest = place = seq + _SEQS
            return place
        step = (seq - self._highest + _SEQS // 2) % _SEQS - _SEQS // 2
        if abs(step) <= FAR_PACKETS:
            return self._highest + step
        if self._stray is not None and seq == (self._stray + 1) % _SEQS:
            self.counts.resets += 1
            self._stray = None
            self.flush()
            return self._place(seq)
        self._stray = seq
        return None

    def _may_start(self) -> bool:
        if not self._packets:
            self._waited_ticks = 0
            return False
        self._waited_ticks += 1
        if len(self._packets) < START_DEPTH and self._waited_ticks <= START_DEPTH:
            return False
        self._next = min(self._packets)
        self._waiting = False
        self._waited_ticks = self._inserted = 0
        return True

    def _take(self) -> Pcm | None:
        while len(self._pcm) < FRAME_SAMPLES:
            more = self._decode_next()
            if more is None:
                self._waiting = True
                self._pcm = self._pcm[:0]
                return None
            self._pcm = np.concatenate((self._pcm, more)) if len(self._pcm) else more
        frame, self._pcm = self._pcm[:FRAME_SAMPLES], self._pcm[FRAME_SAMPLES:]
        return frame

    def _decode_next(self) -> Pcm | None:
        assert self._next is not None
        if self._next not in self._packets:
            if not self._packets:
                return self._bridge()
            self._close_gap(min(self._packets))
        payload = self._packets.pop(self._next, None)
        following = self._packets.get(self._next + 1)
        self._next += 1
        if payload is not None:
            self._inserted = 0
            return self._decode(payload)
        if following is not None:
            self.counts.recovered += 1
            return self._decoder.recover(following, self._packet_samples)
        self.counts.concealed += 1
        return self._decoder.conceal(self._packet_samples)

    def _decode(self, payload: bytes) -> Pcm:
        pcm = self._decoder.decode(payload)
        if not len(pcm):
            self.counts.concealed += 1
            return self._decoder.conceal(self._packet_samples)
        self._packet_samples = len(pcm)
        return pcm

    def _bridge(self) -> Pcm | None:
        """Conceal while nothing is there; after 100 ms it is a pause."""
        self._inserted += 1
        if self._inserted > MOST_CONCEALED:
            return None
        self.counts.underruns += 1
        return self._decoder.conceal(FRAME_SAMPLES)

    def _close_gap(self, first: int) -> None:
        assert self._next is not None
        missing = first - self._next
        already = self._inserted * FRAME_SAMPLES // self._packet_samples
        self._next += min(missing, already)
        self._inserted = 0
        if missing - already > MOST_CONCEALED:
            self._next = first

    def _note_slack(self, packets_ahead: int) -> None:
        ticks = (packets_ahead * self._packet_samples + len(self._pcm)) // FRAME_SAMPLES
        self._least_slack = min(self._least_slack, ticks)
        self._seen += 1
        if self._seen >= WINDOW_PACKETS:
            self._excess = max(self._least_slack - WANTED_SLACK, 0)
            self._least_slack, self._seen = MOST_PACKETS, 0

    def _shorten(self, frame: Pcm) -> Pcm:
        if self._excess > JUMP_SLACK:
            self._skip_to(self._highest - START_DEPTH + 1)
            self._excess = 1
        self._excess -= 1
        self._at_pace = 0
        if not self._packets and len(self._pcm) < FRAME_SAMPLES:
            return frame
        following = self._take()
        if following is None:
            return frame
        self.counts.skipped += 1
        fade = np.linspace(1, 0, FRAME_SAMPLES, dtype=np.float32)
        return (frame * fade + following * (1 - fade)).astype(np.int16)

    def _skip_to(self, place: int) -> None:
        for earlier in [each for each in self._packets if each < place]:
            del self._packets[earlier]
            self.counts.skipped += 1
        if self._next is not None:
            self._next = max(self._next, place)
        self._least_slack, self._seen = MOST_PACKETS, 0
