"""The mix: everybody active, nobody oneself, nothing clipped."""

from uuid import UUID

import numpy as np

from media.audio.activity import ActiveSpeakerDetector
from media.audio.encoding import SETTLE_FRAMES, RoomEncoder
from media.audio.mixer import ATTACK_SAMPLES, CEILING, AudioMixer, Limiter, Mix
from media.audio.opus import FRAME_SAMPLES, SILENCE, OpusDecoder, Pcm
from media.rtp.levels import LevelMeter
from spaces_project.kernel.ids import new_id
from tests.media.fakes import ANA, BO, CY
from tests.media.speech import rms, tone

DI, EM = new_id(), new_id()


def frame(amplitude: float, hertz: float = 500) -> Pcm:
    return tone(hertz, 0.02, amplitude)


def settled(mixer: AudioMixer, frames: dict[UUID, Pcm]) -> Mix:
    """The second tick with the same speakers: nobody is being faded."""
    mixer.mix(frames, list(frames))
    return mixer.mix(frames, list(frames))


def test_the_common_mix_is_the_sum() -> None:
    ana, bo = frame(1000), frame(2000, 700)

    mix = settled(AudioMixer(), {ANA: ana, BO: bo})

    assert mix.common is not None
    assert np.array_equal(mix.common, ana + bo)


def test_everybody_active_hears_the_others_only() -> None:
    frames = {ANA: frame(1000), BO: frame(2000, 700), CY: frame(500, 900)}

    mix = settled(AudioMixer(), frames)

    by_ana, by_cy = mix.minus[ANA], mix.minus[CY]
    assert by_ana is not None
    assert by_cy is not None
    assert np.array_equal(by_ana, frames[BO] + frames[CY])
    assert np.array_equal(by_cy, frames[ANA] + frames[BO])


def test_a_lone_speaker_hears_nothing() -> None:
    mix = settled(AudioMixer(), {ANA: frame(1000)})

    assert mix.minus == {ANA: None}


def test_nobody_active_is_no_sound() -> None:
    assert AudioMixer().mix({}, []).common is None


def test_who_becomes_active_is_faded_in_within_two_milliseconds() -> None:
    mix = AudioMixer().mix({ANA: np.full(FRAME_SAMPLES, 8000, np.int16)}, [ANA])

    assert mix.common is not None
    assert mix.common[0] == 0
    assert np.abs(np.diff(mix.common)).max() <= 8000 // ATTACK_SAMPLES + 1
    assert np.all(mix.common[ATTACK_SAMPLES:] == 8000)


def test_three_shouting_people_are_turned_down_not_clipped() -> None:
    mixer = AudioMixer()
    frames = {ANA: frame(30_000, 400), BO: frame(30_000, 500), CY: frame(30_000, 650)}

    mixes = [mixer.mix(frames, list(frames)).common for _ in range(10)]

    for mix in mixes[1:]:  # the first falls to it within 2 ms
        assert mix is not None
        assert np.abs(mix.astype(np.int32)).max() <= CEILING + 2
        flat = np.sum(np.abs(np.diff(mix.astype(np.int32))) == 0)
        assert flat < 30, "clipping would leave flat tops"


def test_the_limiter_lets_go_slowly_and_leaves_quiet_sound_alone() -> None:
    limiter = Limiter()
    quiet = frame(1000).astype(np.int32)
    assert np.array_equal(limiter.limit(quiet), quiet)

    limiter.limit(frame(1000).astype(np.int32) * 60)
    after = [rms(limiter.limit(quiet)) for _ in range(20)]

    assert after == sorted(after)
    assert after[0] < 0.6 * rms(quiet.astype(np.int16))
    assert abs(after[-1] - rms(quiet.astype(np.int16))) < 2


def test_a_lone_quiet_speaker_is_heard() -> None:
    assert ActiveSpeakerDetector().update({ANA: frame(20)}) == [ANA]


def test_silence_is_nobody() -> None:
    assert ActiveSpeakerDetector().update({ANA: np.zeros(FRAME_SAMPLES, np.int16)}) == []


def test_at_most_the_loudest_three_are_active() -> None:
    frames = {ANA: frame(4000), BO: frame(500), CY: frame(3000), DI: frame(2000), EM: frame(100)}

    assert ActiveSpeakerDetector().update(frames) == [ANA, CY, DI]


def test_the_ends_of_words_stay() -> None:
    detector = ActiveSpeakerDetector()
    others = {BO: frame(300), CY: frame(300), DI: frame(300)}
    detector.update({ANA: frame(4000)} | others)

    for _ in range(10):  # 200 ms between two words
        assert ANA in detector.update({ANA: frame(1)} | others)


def test_equally_loud_people_do_not_flap() -> None:
    detector = ActiveSpeakerDetector()
    people = [ANA, BO, CY, DI, EM]
    chance = np.random.default_rng(seed=1)
    choices = set()
    for _ in range(200):
        active = detector.update({each: frame(chance.uniform(950, 1050)) for each in people})
        choices.add(frozenset(active))

    assert len(choices) == 1


def test_a_silent_room_is_encoded_only_until_it_has_settled() -> None:
    encoder = RoomEncoder()
    encoder.encode(Mix(common=frame(8000)))

    payloads = [encoder.encode(Mix(common=None))[0] for _ in range(SETTLE_FRAMES + 2)]

    assert payloads[0] != SILENCE
    assert payloads[-1] == SILENCE
    decoder = OpusDecoder()
    assert rms(np.concatenate([decoder.decode(p) for p in payloads])[-FRAME_SAMPLES:]) < 5


def test_levels_are_told_ten_times_a_second_while_somebody_speaks() -> None:
    meter = LevelMeter()

    told = [meter.tick({ANA: 1_000_000.0}, [ANA]) for _ in range(50)]

    lines = [levels for levels in told if levels is not None]
    assert len(lines) == 10
    assert set(lines[0].values()) == {-30}


def test_who_stops_speaking_is_told_once() -> None:
    meter = LevelMeter()
    for _ in range(5):
        meter.tick({ANA: 1_000_000.0}, [ANA])

    told = [meter.tick({}, []) for _ in range(50)]

    assert [levels for levels in told if levels is not None] == [{ANA: -127}]


def test_a_silent_room_tells_nothing() -> None:
    meter = LevelMeter()

    assert [meter.tick({ANA: 5.0}, [ANA]) for _ in range(50)] == [None] * 50
