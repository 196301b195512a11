"""Names for what is announced: asked for once in a while, and never an old one after a new."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from accounts.events import NameChosen, ProfileChanged
from accounts.queries import Person
from rooms import familiar
from rooms.announcements import Names
from rooms.domain.events import RoomStarted, SpeakerMuted
from rooms.familiar import Familiar
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import Recorded

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANA, BO, ROOM = new_id(), new_id(), new_id()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[set[UUID]]:
    """Who was looked up, look by look; everybody is called Old."""
    found: list[set[UUID]] = []

    def people_named(events: list[Recorded]) -> Names:
        found.append({getattr(each.event, "account_id", ROOM) for each in events})
        return {each: Person(each, "handle", "Old") for each in found[-1] - {ROOM}}

    monkeypatch.setattr(familiar, "people_named", people_named)
    return found


def muted(account_id: UUID) -> Recorded:
    happened = SpeakerMuted(
        originator_id=ROOM, originator_version=1, at=NOON, account_id=account_id
    )
    return Recorded(1, ROOM, 1, happened)


def test_who_is_spoken_of_again_is_not_looked_up_again(asked: list[set[UUID]]) -> None:
    names = Familiar()
    for _ in range(3):
        assert names.named([muted(ANA)])[ANA].name == "Old"
    assert set(names.named([muted(ANA), muted(BO)])) == {ANA, BO}

    assert asked == [{ANA}, {BO}]


def test_an_event_about_nobody_asks_nothing(asked: list[set[UUID]]) -> None:
    happened = RoomStarted(originator_id=ROOM, originator_version=1, at=NOON)

    assert Familiar().named([Recorded(1, ROOM, 1, happened)]) == {}
    assert asked == []


def test_a_new_name_is_said_from_then_on(asked: list[set[UUID]]) -> None:
    names = Familiar()
    names.named([muted(ANA)])
    changed = ProfileChanged(originator_id=ANA, originator_version=2, at=NOON, name="New", bio="")
    names.hear([Recorded(2, None, None, changed)])

    assert names.named([muted(ANA)])[ANA] == Person(ANA, "handle", "New")
    assert asked == [{ANA}]


def test_a_name_that_was_just_chosen_is_said_before_the_tables_know_it(
    asked: list[set[UUID]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if it is the moment to look everybody up again."""
    names = Familiar()
    names.named([muted(ANA)])
    chosen = NameChosen(originator_id=ANA, originator_version=2, at=NOON, handle="ana", name="New")
    names.hear([Recorded(2, None, None, chosen)])
    monkeypatch.setattr(familiar, "FRESH_S", -1.0)

    assert names.named([muted(ANA)])[ANA] == Person(ANA, "ana", "New")
    assert names.named([muted(ANA)])[ANA].name == "Old"
    assert asked == [{ANA}, {ANA}]


def test_a_name_is_believed_for_a_while_only(
    asked: list[set[UUID]], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Familiar()
    names.named([muted(ANA)])
    monkeypatch.setattr(familiar, "FRESH_S", -1.0)
    names.named([muted(ANA)])

    assert asked == [{ANA}, {ANA}]


def test_no_more_are_kept_than_are_spoken_of(
    asked: list[set[UUID]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(familiar, "MOST", 1)
    names = Familiar()
    names.named([muted(ANA)])
    names.named([muted(BO)])

    assert set(names.named([muted(BO)])) == {BO}
    assert asked == [{ANA}, {BO}, {BO}]
