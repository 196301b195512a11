"""libopus: what is lost comes back as well as it can."""

import numpy as np
import pytest

from media.audio.levels import SILENT_DBOV, dbov, energy
from media.audio.opus import FRAME_SAMPLES, SILENCE, OpusDecoder, OpusEncoder
from tests.media.speech import Samples, frames_of, likeness, rms, speech, tone


def packets(samples: Samples) -> list[bytes]:
    encoder = OpusEncoder()
    return [encoder.encode(frame) for frame in frames_of(samples)]


def test_what_is_encoded_is_decoded() -> None:
    decoder = OpusDecoder()

    heard = np.concatenate([decoder.decode(packet) for packet in packets(speech())])

    found, behind_ms = likeness(speech(), heard)
    assert found > 0.9
    assert behind_ms == pytest.approx(6.5, abs=1)


def test_redundancy_is_better_than_concealment_and_that_better_than_silence() -> None:
    sent = packets(speech())
    clean = OpusDecoder()
    truth = np.concatenate([clean.decode(packet) for packet in sent])
    lost = set(range(10, len(sent) - 1, 10))

    def snr_db(way: str) -> float:
        decoder, parts = OpusDecoder(), []
        for at, packet in enumerate(sent):
            if at not in lost:
                parts.append(decoder.decode(packet))
            elif way == "fec":
                parts.append(decoder.recover(sent[at + 1], FRAME_SAMPLES))
            elif way == "plc":
                parts.append(decoder.conceal())
            else:
                parts.append(np.zeros(FRAME_SAMPLES, np.int16))
        noise = rms(np.concatenate(parts).astype(np.int32) - truth)
        return 20 * float(np.log10(rms(truth) / noise))

    fec, plc, zeros = (snr_db(way) for way in ("fec", "plc", "zeros"))
    print(f"10 % loss: {fec:.1f} dB with FEC, {plc:.1f} with PLC, {zeros:.1f} with zeros")
    assert fec > plc + 2
    assert plc > zeros


def test_nonsense_decodes_to_nothing() -> None:
    decoder = OpusDecoder()

    assert len(decoder.decode(b"\xff" * 3)) in {0, FRAME_SAMPLES}
    assert len(decoder.decode(b"\x03")) == 0, "a code 3 packet without its count"


def test_the_silent_packet_is_20_ms_of_silence() -> None:
    heard = OpusDecoder().decode(SILENCE)

    assert len(heard) == FRAME_SAMPLES
    assert rms(heard) < 2


def test_a_reset_decoder_remembers_nothing() -> None:
    decoder = OpusDecoder()
    for packet in packets(tone()):
        decoder.decode(packet)

    decoder.reset()

    assert rms(decoder.conceal()) < 2


def test_only_whole_frames_are_encoded() -> None:
    with pytest.raises(ValueError, match="480 samples"):
        OpusEncoder().encode(np.zeros(480, np.int16))


@pytest.mark.parametrize(("amplitude", "level"), [(32_767, -3), (3_277, -23), (33, -63), (0, -127)])
def test_levels_are_rms_against_full_scale(amplitude: float, level: int) -> None:
    assert dbov(energy(tone(1000, 0.02, amplitude))) == pytest.approx(level, abs=1)


def test_an_empty_frame_is_silence() -> None:
    assert dbov(energy(np.zeros(0, np.int16))) == SILENT_DBOV
