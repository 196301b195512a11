"""Twelve people shout at once: turned down, never cut off; who speaks softly is left alone."""

import numpy as np
import pytest

from media.audio.activity import ActiveSpeakerDetector
from media.audio.mixer import CEILING, HEADROOM, AudioMixer, Limiter
from media.audio.opus import FRAME_SAMPLES, Pcm
from spaces_project.kernel.ids import new_id
from tests.media.fakes import ANA, BO, CY
from tests.media.speech import RATE, Samples, frames_of, rms, speech

SPEAKERS = 12
WINDOW = RATE // 100  # 10 ms: as long as an ear takes a level for steady
FULL_SCALE = 32_767


def shouting(number: int) -> Samples:
    """Return one person at full scale, who began somewhere else in the sentence."""
    loud = speech().astype(np.float64) * (FULL_SCALE / np.abs(speech()).max())
    pcm: Samples = np.roll(loud, number * RATE // 3).astype(np.int16)
    return pcm


def all_at_once() -> list[list[Pcm]]:
    """Return the frames of each tick: half a second of silence, then everybody."""
    silence = np.zeros(RATE // 2, np.int16)
    people = [np.concatenate((silence, shouting(number)))[: RATE * 3] for number in range(SPEAKERS)]
    return [list(tick) for tick in zip(*map(frames_of, people), strict=True)]


def distortions_db(wanted: Samples, heard: Samples) -> list[float]:
    """Return, for every 10 ms that are too loud, what is not just a change of level."""
    found = []
    for at in range(0, len(wanted) - WINDOW, WINDOW):
        x, y = (each[at : at + WINDOW].astype(np.float64) for each in (wanted, heard))
        if np.abs(wanted[at : at + WINDOW]).max() > FULL_SCALE:
            residue = y - x * (x @ y) / (x @ x)
            found.append(10 * float(np.log10((residue @ residue + 1e-9) / (y @ y + 1e-9))))
    return found


def test_no_sample_of_twelve_people_shouting_is_cut_off() -> None:
    people = [new_id() for _ in range(SPEAKERS)]
    mixer, wanted, heard = AudioMixer(), [], []
    for tick in all_at_once():
        mix = mixer.mix(dict(zip(people, tick, strict=True)), people)
        assert mix.common is not None
        for sound in (mix.common, *mix.minus.values()):
            assert sound is not None
            assert np.abs(sound.astype(np.int32)).max() <= CEILING + HEADROOM < FULL_SCALE
        heard.append(mix.common)
        wanted.append(np.sum(np.array(tick, np.int32), axis=0))

    sums, sounds = np.concatenate(wanted), np.concatenate(heard)
    ours = distortions_db(sums, sounds)
    cut = distortions_db(sums, np.clip(sums, -FULL_SCALE, FULL_SCALE).astype(np.int16))
    print(
        f"{SPEAKERS} shouting, sum up to {np.abs(sums).max() / FULL_SCALE:.1f} x full scale: "
        f"distortion {np.median(ours):.0f} dB (worst {max(ours):.0f}); "
        f"cut off it would be {np.median(cut):.0f} (worst {max(cut):.0f})"
    )
    assert len(ours) > 100
    assert np.median(ours) < -35
    assert np.median(cut) > np.median(ours) + 10, "the measure sees clipping"
    assert max(ours) < -15, "not even while the gain falls"


def test_the_gain_never_jumps() -> None:
    limiter = Limiter()
    steps = [0.1, 3.0, 0.1, 12.0, 12.0, 0.5, 6.0]
    level = np.concatenate([np.full(FRAME_SAMPLES * 3, size * 10_000, np.int32) for size in steps])
    gains = np.concatenate(
        [limiter.limit(frame) / frame for frame in np.split(level, len(level) // FRAME_SAMPLES)]
    )

    inside = np.abs(np.diff(gains))[level[1:] == level[:-1]]  # where the input itself is steady
    assert inside.max() < 0.02
    assert gains.min() < 0.3


def test_soft_speech_is_not_touched_at_all() -> None:
    soft = (shouting(0) * 0.3).astype(np.int16)
    mixer = AudioMixer()

    heard = [mixer.mix({ANA: frame}, [ANA]).common for frame in frames_of(soft)]

    for frame, mixed in zip(frames_of(soft)[1:], heard[1:], strict=True):
        assert mixed is not None
        assert np.array_equal(mixed, frame)


def test_a_shout_is_forgotten_within_half_a_second() -> None:
    limiter, soft = Limiter(), np.full(FRAME_SAMPLES, 1000, np.int32)
    limiter.limit(soft * 120)

    frames = 0
    while not np.array_equal(limiter.limit(soft), soft):
        frames += 1

    assert 5 <= frames <= 25


@pytest.mark.parametrize("others", [0, 3])
def test_the_first_syllable_is_not_cut(others: int) -> None:
    """Nor when three others murmur: the new voice takes the place of one of them at once."""
    detector, mixer = ActiveSpeakerDetector(), AudioMixer()
    murmuring = {BO: 0.005, CY: 0.004, new_id(): 0.003}
    voice = frames_of(speech())
    begins = next(at for at, frame in enumerate(voice) if rms(frame) > 300)
    silence = [np.zeros(FRAME_SAMPLES, np.int16)] * 10
    said, heard = [], []
    for frame in [*silence, *voice[begins : begins + 10]]:
        frames = {ANA: frame}
        for number, (each, level) in enumerate(list(murmuring.items())[:others]):
            frames[each] = (voice[40 + number] * level).astype(np.int16)
        active = detector.update(frames)
        mix = mixer.mix(frames, active)
        said.append(frame)
        heard.append(np.zeros(FRAME_SAMPLES, np.int16) if mix.common is None else mix.common)

    first, first_heard = said[len(silence)], heard[len(silence)]
    alike = float(np.corrcoef(first.astype(float), first_heard.astype(float))[0, 1])
    kept = rms(first_heard) / rms(first)
    print(f"{others} others: first 20 ms kept at {kept:.0%}, correlation {alike:.3f}")
    assert kept > 0.9
    assert alike > 0.95
