"""The fold takes every word that the wire has, and those that it will have."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.pages.rooms import room, snapshot

Fold = Callable[..., dict[str, Any]]
BEGIN = snapshot(room())
KINDS = [
    "room.created",
    "room.started",
    "policies.changed",
    "participant.joined",
    "participant.left",
    "participant.removed",
    "participant.blocked",
    "participant.unblocked",
    "participant.dropped",
    "participant.returned",
    "participant.seated",
    "participant.unseated",
    "hand.raised",
    "hand.lowered",
    "speaker.promoted",
    "speaker.demoted",
    "speaker.muted",
    "speaker.unmuted",
    "speakers.muted",
    "seat.lapsed",
    "cohost.appointed",
    "cohost.dismissed",
    "host.handed_over",
    "title.changed",
    "description.changed",
    "topics.changed",
    "followers.invited",
    "pin.added",
    "pin.removed",
    "person.invited",
    "person.uninvited",
    "invitation.declined",
    "speaker.invited",
    "speak_invitation.accepted",
    "speak_invitation.declined",
    "speak_invitation.cancelled",
    "speak_invitation.expired",
    "removal.lifted",
    "guest.admitted",
    "room.ending_soon",
    "room.ended",
]


@pytest.mark.parametrize(
    "kind",
    [
        "redacted",
        "participant.unblocked",
        "room.renamed",
        "constructor",
        "__proto__",
        "toString",
        "",
    ],
)
def test_an_unknown_type_moves_only_the_seq(fold: Fold, kind: str) -> None:
    assert fold(BEGIN, {"type": kind, "seq": 11}) == {**fold(BEGIN), "seq": 11}


def test_no_known_type_needs_its_data(fold: Fold) -> None:
    state = fold(BEGIN, *({"type": kind, "seq": 11 + at} for at, kind in enumerate(KINDS)))

    assert state["seq"] == 10 + len(KINDS)
