"""What the packager makes, read by FFmpeg's own demuxer and decoder; how it is delivered."""

import io
from datetime import UTC, datetime, timedelta

import av
import numpy as np
import pytest

from media.audio.opus import SILENCE, OpusEncoder
from media.domain.hls import HlsRules, hls_rules_from
from media.hls.boxes import init_segment
from media.hls.packager import HlsPackager
from spaces_project.kernel import clock
from tests.media.speech import FRAME, RATE, Samples, frames_of, rms, tone

SECOND = 50  # packets


def numbers(packager: HlsPackager) -> list[int]:
    names = packager.playlist.decode().splitlines()
    return [int(name.removesuffix(".m4s")) for name in names if name.endswith(".m4s")]


def joined(packager: HlsPackager, chosen: list[int]) -> bytes:
    return init_segment() + b"".join(packager.segment(number) or b"missing" for number in chosen)


def decoded(content: bytes) -> tuple[list[int], Samples]:
    """Return when each packet is played, in samples from the first, and what it sounds like."""
    with av.open(io.BytesIO(content), "r") as container:
        [stream] = container.streams.audio
        assert stream.codec_context.name == "opus"
        assert stream.time_base is not None
        assert stream.time_base.denominator == RATE
        times, sound = [], []
        for packet in container.demux(stream):
            if packet.pts is None:
                continue
            times.append(packet.pts)
            sound += [frame.to_ndarray().reshape(-1) for frame in packet.decode()]
    samples = np.concatenate(sound)
    return [at - times[0] for at in times], (samples * 32767).astype(np.int16)


def test_a_window_begins_with_silence_that_can_be_played_at_once() -> None:
    packager = HlsPackager(HlsRules())
    times, sound = decoded(joined(packager, numbers(packager)))

    assert times == [FRAME * packet for packet in range(3 * SECOND)]
    assert rms(sound) < 1


def test_what_is_packaged_is_what_was_said_on_one_timeline() -> None:
    packager, encoder = HlsPackager(HlsRules()), OpusEncoder()
    for frame in frames_of(tone(440, 4)):
        packager.take(encoder.encode(frame))
    shown = numbers(packager)
    times, sound = decoded(joined(packager, shown))
    spectrum = np.abs(np.fft.rfft(sound[-2 * RATE : -RATE]))

    assert shown == list(range(shown[0], shown[0] + 6))
    assert times == [FRAME * packet for packet in range(6 * SECOND)]
    assert int(np.argmax(spectrum)) == pytest.approx(440, abs=2)
    assert rms(sound[: RATE - FRAME]) < 1, "the first silence is still there"
    assert rms(sound[-2 * RATE :]) == pytest.approx(8000 / np.sqrt(2), rel=0.2)


def test_a_playlist_says_what_players_must_know(monkeypatch: pytest.MonkeyPatch) -> None:
    began_at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: began_at)
    packager = HlsPackager(HlsRules())
    first = int(2 * began_at.timestamp())

    assert packager.playlist.decode().splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-TARGETDURATION:1",
        f"#EXT-X-MEDIA-SEQUENCE:{first}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        '#EXT-X-MAP:URI="init.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-20T11:59:57.000Z",
        "#EXTINF:1.000,",
        f"{first}.m4s",
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-20T11:59:58.000Z",
        "#EXTINF:1.000,",
        f"{first + 1}.m4s",
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-20T11:59:59.000Z",
        "#EXTINF:1.000,",
        f"{first + 2}.m4s",
    ]


def test_the_window_slides_and_what_left_it_stays_for_a_while() -> None:
    packager = HlsPackager(HlsRules(segments=4))
    first = numbers(packager)[0]
    for _ in range(9 * SECOND):
        packager.take(SILENCE)

    assert numbers(packager) == [first + 8, first + 9, first + 10, first + 11]
    assert packager.segment(first + 4) is not None
    assert packager.segment(first + 3) is None, "memory is bounded"
    assert packager.segment(first + 12) is None, "it is not there yet"


def test_what_was_skipped_is_silence_and_never_more_than_a_window() -> None:
    packager = HlsPackager(HlsRules(segments=4))
    first = numbers(packager)[0]
    packager.take(SILENCE, skipped_ticks=SECOND - 1)
    assert numbers(packager)[-1] == first + 3

    packager.take(SILENCE, skipped_ticks=3600 * SECOND)
    assert numbers(packager)[-1] == first + 7


@pytest.mark.parametrize("away_s", [4, 10, 3600])
def test_who_comes_back_to_a_later_window_meets_no_number_twice(
    monkeypatch: pytest.MonkeyPatch, away_s: int
) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    former = HlsPackager(HlsRules())
    for _ in range(away_s * SECOND):
        former.take(SILENCE)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=away_s))
    later = HlsPackager(HlsRules())

    assert numbers(later)[0] > numbers(former)[-1]


@pytest.mark.parametrize(
    "wished",
    [
        {"SPACES_HLS_SEGMENT_MS": "1010"},
        {"SPACES_HLS_SEGMENT_MS": "20"},
        {"SPACES_HLS_SEGMENT_MS": "a second"},
        {"SPACES_HLS_SEGMENTS": "2"},
        {"SPACES_HLS_IDLE_S": "1"},
    ],
)
def test_an_operator_hears_of_rules_that_nobody_could_play(wished: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(wished))):
        hls_rules_from(wished)


def test_the_rules_are_settings() -> None:
    wished = {"SPACES_HLS_SEGMENT_MS": "2000", "SPACES_HLS_SEGMENTS": "5", "SPACES_HLS_IDLE_S": "8"}

    assert hls_rules_from(wished) == HlsRules(segment_ms=2000, segments=5, idle_s=8)
    assert hls_rules_from({}) == HlsRules()
