"""Events that earlier versions stored make the same state as they did then."""

from typing import Any

import msgspec
import pytest

from rooms.domain.events import HandLowered, Left
from rooms.domain.stage import Stage
from spaces_project.kernel.entity import DomainEvent
from tests.domain.scenes import ANA, BO, NOON, ROOM, after, bo_inside


def stored(kind: type[DomainEvent], **facts: Any) -> DomainEvent:
    """Return an event as it is read whose payload an earlier version wrote."""
    names = {"originator_id": BO, "originator_version": 3, "at": NOON, "account_id": BO}
    payload = msgspec.msgpack.encode({**names, **facts})
    return msgspec.msgpack.decode(payload, type=kind)


@pytest.mark.parametrize(
    ("happened", "rest_s"),
    [
        (stored(HandLowered, by=BO), 60),
        (stored(HandLowered, by=ANA), 300),
        (stored(Left, by=BO), 60),
        (stored(Left, by=ANA), 60),
    ],
    ids=["withdrawn", "refused", "left", "put out"],
)
def test_a_hand_rests_as_it_did_before_events_said_so(happened: Any, rest_s: int) -> None:
    part, stage = bo_inside(), Stage(ROOM)
    part.raise_hand(NOON)
    stage.hands[BO] = NOON
    assert happened.may_ask_from is None
    part.apply(happened)
    stage.apply(happened, 1)

    assert part.may_ask_from == after(rest_s)
    assert stage.may_ask_from == {BO: after(rest_s)}


def test_who_left_without_a_hand_up_need_not_wait() -> None:
    part, stage = bo_inside(), Stage(ROOM)
    happened = stored(Left, by=BO, originator_version=2)
    part.apply(happened)
    stage.apply(happened, 1)

    assert (part.may_ask_from, stage.may_ask_from) == (None, {})
