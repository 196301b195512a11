"""The jitter buffer: as deep as needed, never deeper for long."""

import numpy as np
import pytest

from media.audio.jitter import JitterBuffer
from media.audio.opus import FRAME_SAMPLES, OpusDecoder, OpusEncoder, Pcm
from tests.media.speech import frames_of, likeness, speech


class Numbers:
    """A codec whose frames are their packets' numbers, so that order can be read off."""

    def __init__(self) -> None:
        self.was_reset = 0

    def decode(self, payload: bytes) -> Pcm:
        return np.full(FRAME_SAMPLES, int(payload), np.int16)

    def recover(self, following: bytes, samples: int) -> Pcm:
        return np.full(samples, int(following) - 1 + 10_000, np.int16)

    def conceal(self, samples: int = FRAME_SAMPLES) -> Pcm:
        return np.full(samples, -1, np.int16)

    def reset(self) -> None:
        self.was_reset += 1


PLC = -1


def fec(number: int) -> int:
    return 10_000 + number


def a_buffer() -> JitterBuffer:
    return JitterBuffer(Numbers())


def put(buffer: JitterBuffer, *numbers: int, offset: int = 0) -> None:
    for number in numbers:
        buffer.put((number + offset) % 65_536, str(number).encode())


def pull(buffer: JitterBuffer) -> int | None:
    frame = buffer.pull()
    return None if frame is None else int(frame[FRAME_SAMPLES // 2])


def test_it_waits_for_a_second_packet_then_plays_in_order() -> None:
    buffer = a_buffer()
    put(buffer, 1)
    assert pull(buffer) is None

    put(buffer, 3, 2)

    assert [pull(buffer) for _ in range(3)] == [1, 2, 3]


def test_a_single_packet_is_played_in_the_end() -> None:
    buffer = a_buffer()
    put(buffer, 1)

    assert [pull(buffer) for _ in range(3)] == [None, None, 1]


def test_a_lost_packet_is_recovered_from_the_next() -> None:
    buffer = a_buffer()
    put(buffer, 1, 2, 4)

    assert [pull(buffer) for _ in range(4)] == [1, 2, fec(3), 4]
    assert buffer.counts.recovered == 1


def test_of_two_lost_packets_the_first_is_concealed() -> None:
    buffer = a_buffer()
    put(buffer, 1, 2, 5)

    assert [pull(buffer) for _ in range(5)] == [1, 2, PLC, fec(4), 5]


def test_loss_leaves_no_delay_behind() -> None:
    buffer, played = a_buffer(), []
    put(buffer, 0)
    for number in range(1, 400):
        if number % 20 not in {7, 8}:
            put(buffer, number)
        played.append(pull(buffer))

    assert played[-1] == 398, "as late as without any loss"
    assert buffer.counts.skipped == 0


def test_lateness_deepens_the_buffer_by_just_that() -> None:
    buffer = a_buffer()
    put(buffer, 1, 2)
    played = [pull(buffer) for _ in range(4)]
    put(buffer, 3, 4, 5)

    assert played == [1, 2, PLC, PLC]
    assert [pull(buffer) for _ in range(3)] == [3, 4, 5], "late is not lost"


def test_a_buffer_that_is_too_deep_shrinks_again() -> None:
    buffer = a_buffer()
    put(buffer, *range(5))
    for number in range(5, 400):
        put(buffer, number)
        pull(buffer)

    assert len(buffer._packets) <= 2
    assert buffer.counts.skipped >= 3


def test_a_burst_after_a_stall_is_skipped_not_carried_along() -> None:
    buffer = a_buffer()
    put(buffer, *range(2))
    for _ in range(30):
        pull(buffer)
    put(buffer, *range(2, 32))
    for number in range(32, 132):
        put(buffer, number)
        pull(buffer)

    assert len(buffer._packets) <= 2


def test_clock_drift_is_followed_both_ways() -> None:
    for packets_per_tick in (1.002, 0.998):  # 2,000 ppm, twenty times what sound cards do
        buffer, sent, played = a_buffer(), 0, 0
        for tick in range(10_000):
            while sent < 2 + tick * packets_per_tick:
                buffer.put(sent % 65_536, b"5")
                sent += 1
            played += pull(buffer) is not None
        assert len(buffer._packets) <= 4
        assert played > 9_900


def test_after_a_black_out_it_plays_at_once() -> None:
    buffer = a_buffer()
    put(buffer, 1, 2)
    for _ in range(500):
        pull(buffer)
    put(buffer, 501, 502, 503)

    assert pull(buffer) == 502, "the second packet after a leap starts it anew"


def test_after_a_pause_nothing_of_the_first_word_is_lost() -> None:
    buffer = a_buffer()  # a browser in DTX sends nothing, and numbers on as if there were no pause
    put(buffer, 1, 2)
    paused = [pull(buffer) for _ in range(100)]
    put(buffer, 3)
    begins = [pull(buffer)]
    put(buffer, 4)
    begins.append(pull(buffer))
    put(buffer, 5)
    begins.append(pull(buffer))

    assert paused[-1] is None
    assert begins == [None, 3, 4]
    assert pull(buffer) == 5


def test_a_single_stray_packet_changes_nothing() -> None:
    buffer = a_buffer()
    put(buffer, 1, 2)
    put(buffer, 30_000)
    put(buffer, 3)

    assert [pull(buffer) for _ in range(3)] == [1, 2, 3]


def test_sequence_numbers_wrap() -> None:
    buffer = a_buffer()
    put(buffer, *range(5), offset=65_533)

    assert [pull(buffer) for _ in range(5)] == [0, 1, 2, 3, 4]


def test_doubled_and_late_packets_are_not_played() -> None:
    buffer = a_buffer()
    put(buffer, 1, 2, 2)
    assert [pull(buffer), pull(buffer)] == [1, 2]

    put(buffer, 1, 3, 4)

    assert [pull(buffer), pull(buffer)] == [3, 4]
    assert (buffer.counts.doubled, buffer.counts.late) == (1, 1)


def test_memory_is_bounded_when_nobody_pulls() -> None:
    buffer = a_buffer()
    put(buffer, *range(9_000))

    assert len(buffer._packets) <= 50


def test_a_flushed_buffer_has_forgotten_everything() -> None:
    numbers = Numbers()
    buffer = JitterBuffer(numbers)
    put(buffer, 1, 2, 3, 4)
    pull(buffer)

    buffer.flush()

    assert [pull(buffer) for _ in range(10)] == [None] * 10
    assert numbers.was_reset == 1


@pytest.mark.parametrize("duration_ms", [10, 20, 40, 60])
def test_packets_of_any_length_become_frames_of_20_ms(duration_ms: int) -> None:
    samples = 48 * duration_ms

    class Long(Numbers):
        def decode(self, payload: bytes) -> Pcm:
            return np.full(samples, int(payload), np.int16)

    buffer = JitterBuffer(Long())
    put(buffer, *range(10))

    pulled = [buffer.pull() for _ in range(10 * duration_ms // 20)]

    heard = np.concatenate([frame for frame in pulled if frame is not None])
    assert list(dict.fromkeys(heard.tolist())) == list(range(10))


def test_speech_stays_recognisable_at_five_percent_loss_and_30_ms_of_jitter() -> None:
    chance = np.random.default_rng(seed=7)
    encoder, buffer = OpusEncoder(), JitterBuffer(OpusDecoder())
    arrivals = [
        (at * 20 + chance.uniform(0, 30), at, encoder.encode(frame))
        for at, frame in enumerate(frames_of(speech()))
        if chance.random() > 0.05
    ]
    arrivals.sort()
    heard = []
    for now in range(0, 20 * len(arrivals), 20):
        while arrivals and arrivals[0][0] <= now:
            _, seq, payload = arrivals.pop(0)
            buffer.put(seq, payload)
        frame = buffer.pull()
        heard.append(np.zeros(FRAME_SAMPLES, np.int16) if frame is None else frame)

    found, delay_ms = likeness(speech()[: 48_000 * 3], np.concatenate(heard))
    print(f"seed 7: likeness {found:.2f}, delay {delay_ms:.0f} ms, {buffer.counts}")
    assert found > 0.6
    assert delay_ms < 90
