"""What happens in many rooms at once: every step is possible after those before it."""

import random
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

ROOM_STEPS: Final = 400  # what happens until a room is over; some of it is two events
ROOMS_AT_ONCE: Final = 100


class Kind(StrEnum):
    """What can happen, with the name that both sides give it."""

    CREATED = "RoomCreated"
    STARTED = "RoomStarted"
    JOINED = "Joined"
    LEFT = "Left"
    HAND_RAISED = "HandRaised"
    HAND_LOWERED = "HandLowered"
    PROMOTED = "SpeakerPromoted"
    SEATED = "Seated"
    DEMOTED = "SpeakerDemoted"
    UNSEATED = "Unseated"
    MUTED = "SpeakerMuted"
    UNMUTED = "SpeakerUnmuted"
    ENDED = "RoomEnded"


class Step(NamedTuple):
    """One event: in which room, and who it is about (0 is the host)."""

    room: int
    kind: Kind
    who: int


def story(events: int, seed: int) -> Iterator[Step]:
    """Yield so many steps, of a hundred rooms at once, one after the other."""
    chance = random.Random(seed)
    places = [_place(number, chance) for number in range(ROOMS_AT_ONCE)]
    for number in range(events):
        yield next(places[number % ROOMS_AT_ONCE])


def _place(room: int, chance: random.Random) -> Iterator[Step]:
    while True:
        yield from _room(room, chance)
        room += ROOMS_AT_ONCE


def _room(room: int, chance: random.Random) -> Iterator[Step]:
    yield Step(room, Kind.CREATED, 0)
    yield Step(room, Kind.STARTED, 0)
    inside: set[int] = set()
    hands: list[int] = []
    speakers: dict[int, bool] = {}
    newcomer = 0
    for _ in range(ROOM_STEPS):
        dice = chance.random()
        listeners = sorted(inside - speakers.keys() - set(hands))
        if dice < 0.35 or not listeners:
            newcomer += 1
            inside.add(newcomer)
            yield Step(room, Kind.JOINED, newcomer)
        elif dice < 0.50:
            who = chance.choice(listeners)
            inside.remove(who)
            yield Step(room, Kind.LEFT, who)
        elif dice < 0.70:
            who = chance.choice(listeners)
            hands.append(who)
            yield Step(room, Kind.HAND_RAISED, who)
        elif dice < 0.76 and hands:
            yield Step(room, Kind.HAND_LOWERED, hands.pop(0))
        elif dice < 0.84 and hands and len(speakers) < 10:
            who = hands.pop(0)
            speakers[who] = True
            yield Step(room, Kind.PROMOTED, who)
            yield Step(room, Kind.SEATED, who)
        elif dice < 0.88 and speakers:
            who = chance.choice(sorted(speakers))
            del speakers[who]
            yield Step(room, Kind.DEMOTED, who)
            yield Step(room, Kind.UNSEATED, who)
        elif speakers:
            who = chance.choice(sorted(speakers))
            speakers[who] = not speakers[who]
            yield Step(room, Kind.MUTED if speakers[who] else Kind.UNMUTED, who)
    yield Step(room, Kind.ENDED, 0)
