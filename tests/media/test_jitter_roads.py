"""Whatever the road was like: soon after it is good again, sound is as early as on a good road."""

import heapq
import random
from dataclasses import dataclass

import pytest

from media.audio import jitter
from media.audio.jitter import JitterBuffer
from media.audio.opus import FRAME_SAMPLES
from tests.media.test_jitter import PLC, Numbers

ROADS = 60
ROUGH, GOOD = 400, 200  # packets: 8 s, 4 s
SETTLED = 50  # ticks at the end that are judged: 1 s
TICK_MS = 20.0
MOST_BEHIND = 3  # packets: one being played, one to recover from, one on its way


@dataclass(frozen=True)
class Ride:
    """What was played, tick by tick: a packet's number, PLC or nothing."""

    played: list[int | None]
    behind: list[int]

    def faults(self) -> list[str]:
        """Say what was not as on a good road in the end."""
        end, found = self.played[-SETTLED:], []
        if max(self.behind[-SETTLED:]) > MOST_BEHIND:
            found.append(f"{max(self.behind[-SETTLED:])} packets late")
        if None in end or PLC in end:
            found.append("holes")
        return found


def ride(seed: int) -> Ride:
    """Send over a road made by chance: jitter, disorder, loss, stalls, a clock that drifts."""
    chance = random.Random(seed)
    jitter_ms, loss = chance.uniform(0, 80), chance.uniform(0, 0.2)
    stalls = {chance.randrange(ROUGH): chance.uniform(100, 600) for _ in range(chance.randrange(4))}
    drift = 1 + chance.uniform(-200, 200) / 1_000_000
    first, phase_ms = chance.randrange(65_536), chance.uniform(0, TICK_MS)
    on_the_way: list[tuple[float, int]] = []
    free_at = 0.0
    for number in range(ROUGH + GOOD):
        sent_at = number * TICK_MS * drift
        if number in stalls:
            free_at = sent_at + stalls[number]
        is_rough = number < ROUGH
        if not is_rough or chance.random() >= loss:
            held = chance.uniform(0, jitter_ms) if is_rough else 0.0
            heapq.heappush(on_the_way, (max(free_at, sent_at + held), number))
    buffer, played, behind, latest = JitterBuffer(Numbers()), [], [], 0
    for tick in range(ROUGH + GOOD):
        now = tick * TICK_MS + phase_ms
        while on_the_way and on_the_way[0][0] <= now:
            _, number = heapq.heappop(on_the_way)
            buffer.put((first + number) % 65_536, str(number).encode())
        frame = buffer.pull()
        heard = None if frame is None else int(frame[FRAME_SAMPLES // 2])
        latest = heard % 10_000 if heard is not None and heard != PLC else latest
        played.append(heard)
        behind.append(int(now / TICK_MS / drift) - latest)
    return Ride(played, behind)


def test_it_is_early_and_whole_again_within_three_seconds() -> None:
    seed = 1
    rides = [ride(seed + number) for number in range(ROADS)]

    print(f"seeds {seed} to {seed + ROADS - 1}, {ROUGH + GOOD} packets each")
    found = {seed + number: each.faults() for number, each in enumerate(rides)}
    assert {number: faults for number, faults in found.items() if faults} == {}


def test_a_buffer_that_never_shrinks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jitter, "WINDOW_PACKETS", 1_000_000)

    late = sum(bool(ride(seed).faults()) for seed in range(1, 21))

    print(f"{late} of 20 roads end late without shrinking")
    assert late > 5
