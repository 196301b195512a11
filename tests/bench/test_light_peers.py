"""Listeners count and judge rightly; otherwise no figure of theirs means anything."""

import math
import shutil
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from bench.light_peers.description import Local, read_remote
from bench.light_peers.hearing import Hearing
from bench.light_peers.peer import LightPeer
from bench.light_peers.speech import FRAME_S, loudness, make_speech, read_speech
from bench.light_peers.stun import confirms, is_check, nominating_check, success
from media.audio.opus import FRAME_SAMPLES, SILENCE, OpusEncoder
from media.transport.stun import is_authentic, read_binding_request

NOBODY = cast("LightPeer", None)
HEADER = bytes.fromhex("806f00000000000000000000")
KEY = b"a password of the server"
TRANSACTION = b"twelve bytes"


def packet(seq: int) -> bytes:
    return bytes((0x80, 111, seq >> 8 & 0xFF, seq & 0xFF))


def heard(seqs: list[int]) -> Hearing:
    hearing = Hearing(decrypted=0)
    hearing._seen, hearing._last = 10, seqs[0]
    hearing.begin()
    for seq in seqs[1:]:
        hearing.hear(NOBODY, packet(seq))
    return hearing


@pytest.mark.parametrize(
    ("seqs", "lost"),
    [([5, 6, 7], 0), ([5, 9], 3), ([5, 7, 6, 8], 0), ([65534, 65535, 0, 1], 0), ([65535, 1], 1)],
)
def test_losses_are_counted_across_disorder_and_wraps(seqs: list[int], lost: int) -> None:
    hearing = heard(seqs)

    assert (hearing.received, hearing.lost) == (len(seqs) - 1, lost)


def test_the_media_node_believes_a_light_peers_check() -> None:
    check = nominating_check(TRANSACTION, username="us:them", key=KEY, tie_breaker=bytes(8))
    request = read_binding_request(check)

    assert request is not None
    assert request.nominates
    assert is_authentic(check, request, KEY)
    assert is_check(check, KEY)
    assert not is_check(check, b"another password")


def test_only_a_signed_answer_to_the_own_check_counts() -> None:
    answer = success(TRANSACTION, host="127.0.0.1", port=9, key=KEY)

    assert confirms(answer, TRANSACTION, KEY)
    assert not confirms(answer, b"another one!", KEY)
    assert not confirms(answer, TRANSACTION, b"another password")


def test_a_peer_talks_only_to_ice_lite_agents() -> None:
    offer = Local(9, "ufrag", "password", "AB:CD", 7).write(direction="recvonly", setup="actpass")

    with pytest.raises(ValueError, match="ICE-lite"):
        read_remote(offer)
    assert read_remote(offer + "a=ice-lite\r\n").fingerprint == "AB:CD"


def test_speech_is_known_from_silence_and_from_a_hum(tmp_path: Path) -> None:
    assert shutil.which("espeak-ng"), "apt-get install espeak-ng"
    make_speech(tmp_path / "speech")
    speech = read_speech(tmp_path / "speech")
    encoder, times = OpusEncoder(), np.arange(FRAME_SAMPLES) / 48_000
    hum = [
        encoder.encode((8000 * np.sin(2 * math.pi * 200 * (times + at * FRAME_S))).astype(np.int16))
        for at in range(50)
    ]

    assert len(speech) * FRAME_S > 10
    assert loudness(HEADER + each for each in speech[:100]).is_speech
    assert not loudness(HEADER + each for each in hum).is_speech
    assert not loudness([HEADER + SILENCE] * 50).is_speech
    assert not loudness([]).is_speech
