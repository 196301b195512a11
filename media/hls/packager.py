"""The packets that all listeners get, cut into segments; made once for however many ask."""

import math
import time
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from media.audio.opus import FRAME_SAMPLES, SILENCE
from media.domain.hls import FEWEST, PACKET_MS, HlsRules
from media.hls.boxes import media_segment
from spaces_project.kernel import clock


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the stream, and when it began."""

    number: int
    began_at: datetime
    content: bytes


class HlsPackager:
    """A sliding window over a room's common mix, in memory alone.

    * It begins with segments of silence, so that a player need not wait for the first ones.
    * Its timeline has no hole: what a busy machine skipped is silence, too.
    * A segment can be had for as long again as it stood in the playlist (RFC 8216, 6.2.2).
    * Numbers count two for each segment's time of the clock where a window begins, and one for each
      segment after it: whoever comes back to a later window never meets a number twice.
    """

    def __init__(self, rules: HlsRules) -> None:
        self.asked_at = time.monotonic()
        self._rules = rules
        self._packets: list[bytes] = []
        self._per_segment: Final = rules.segment_ms // PACKET_MS
        self._segments: deque[Segment] = deque(maxlen=2 * rules.segments)
        self._next = int(2000 * clock.now().timestamp()) // rules.segment_ms
        self._began_at = clock.now() - FEWEST * timedelta(milliseconds=rules.segment_ms)
        for _ in range(FEWEST):
            self._packets = [SILENCE] * self._per_segment
            self._cut(self._began_at + timedelta(milliseconds=rules.segment_ms))

    @property
    def playlist(self) -> bytes:
        """What there is to be had now (RFC 8216, 4.3)."""
        return self._playlist

    def take(self, packet: bytes, skipped_ticks: int = 0) -> None:
        """Append the next 20 ms.

        :param skipped_ticks: how many before it were never made. Beyond a window there is no use
            in making up for them: whoever waited so long begins anew.
        """
        most = self._per_segment * self._rules.segments
        for _ in range(min(skipped_ticks, most)):
            self._append(SILENCE)
        self._append(packet)

    def segment(self, number: int) -> bytes | None:
        """Return one segment; None if it is not there yet, or no more."""
        first = self._segments[0].number
        if first <= number < self._next:
            return self._segments[number - first].content
        return None

    def _append(self, packet: bytes) -> None:
        self._packets.append(packet)
        if len(self._packets) == self._per_segment:
            self._cut(clock.now())

    def _cut(self, now: datetime) -> None:
        at_samples = self._next * self._per_segment * FRAME_SAMPLES
        content = media_segment(self._next, at_samples, self._packets)
        self._segments.append(Segment(self._next, self._began_at, content))
        self._next += 1
        self._began_at = now
        self._packets = []
        self._playlist = self._listed()

    def _listed(self) -> bytes:
        shown = list(self._segments)[-self._rules.segments :]
        lines = [
            "#EXTM3U",
            "#EXT-X-VERSION:7",
            f"#EXT-X-TARGETDURATION:{math.ceil(self._rules.segment_ms / 1000)}",
            f"#EXT-X-MEDIA-SEQUENCE:{shown[0].number}",
            "#EXT-X-INDEPENDENT-SEGMENTS",
            '#EXT-X-MAP:URI="init.mp4"',
        ]
        for segment in shown:
            lines += [
                f"#EXT-X-PROGRAM-DATE-TIME:{clock.rfc3339(segment.began_at)}",
                f"#EXTINF:{self._rules.segment_ms / 1000:.3f},",
                f"{segment.number}.m4s",
            ]
        return ("\n".join(lines) + "\n").encode()
