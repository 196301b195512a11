"""Each kind of event can be told in a sentence."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from rooms.domain.eligibility import Eligibility
from rooms.domain.words import AudiencePolicy, SeatPolicy, SpeakPolicy
from rooms.events import ParticipationEvent, RoomEvent
from rooms.story import SENTENCES, sentence
from spaces_project.kernel.entity import DomainEvent
from tests.domain.scenes import ANA, BO, CY, NOON, ROOM

NAMES = {ANA: "Ana", BO: "Bo", CY: "Cy"}
FACTS: dict[str, Any] = {
    "account_id": BO,
    "account_ids": [BO, CY],
    "host_id": ANA,
    "former_host_id": CY,
    "pin_id": ROOM,
    "title": "Tea",
    "description": "All about tea.",
    "topic_ids": ["tea"],
    "text": "A link",
    "cause": "host_dropped",
    "reason": "host",
    "audience_policy": AudiencePolicy.PUBLIC,
    "speak_policy": SpeakPolicy.EVERYONE,
    "seat_policy": SeatPolicy(12, 2),
    "eligibility": Eligibility(preset="launch", followers=600, followers_needed=600),
    "expires_at": NOON + timedelta(seconds=60),
    "seat_kept_until": NOON + timedelta(seconds=60),
    "ends_at": NOON + timedelta(seconds=900),
}
KINDS = [*RoomEvent.__subclasses__(), *ParticipationEvent.__subclasses__()]


def an_event(kind: type[DomainEvent], by: UUID | None) -> DomainEvent:
    """Return an event of this kind, with something in every member that needs it."""
    needed = {f.name for f in msgspec.structs.fields(kind) if f.required}
    facts = {name: value for name, value in FACTS.items() if name in needed}
    return kind(originator_id=ROOM, originator_version=1, at=NOON, by=by, **facts)


def name(account_id: UUID | None) -> str:
    return NAMES.get(account_id, "Somebody") if account_id else "Somebody"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_has_a_sentence(kind: type[DomainEvent]) -> None:
    told = sentence(an_event(kind, by=ANA), name)

    assert told[0].isupper()
    assert "{" not in told
    assert any(who in told for who in (*NAMES.values(), "Everybody"))


def test_no_sentence_is_told_of_what_cannot_happen() -> None:
    assert set(SENTENCES) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "by", "told"),
    [
        ("HandLowered", BO, "Bo lowered the hand."),
        ("HandLowered", ANA, "Ana did not bring Bo onto the stage."),
        ("Left", BO, "Bo left."),
        ("Left", ANA, "Bo had to go."),
        ("CohostAppointed", ANA, "Ana made Bo a co-host."),
        ("CohostAppointed", BO, "Bo stays as a co-host."),
        ("Left", None, "Bo lost the connection and is gone."),
        ("SpeakerMuted", ANA, "Ana muted Bo."),
        ("SpeakerMuted", BO, "Bo closed the microphone."),
        ("HostHandedOver", None, "Cy did not come back; Bo hosts now."),
        ("AllMuted", ANA, "Ana muted everybody: Bo, Cy."),
        ("RoomEnded", ANA, "Ana ended the room."),
    ],
)
def test_the_sentence_says_who_did_it(kind: str, by: UUID | None, told: str) -> None:
    happened = next(each for each in KINDS if each.__name__ == kind)

    assert sentence(an_event(happened, by), name) == told
