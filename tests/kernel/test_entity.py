"""Entities: decide, then change; the same changes again on every replay."""

from uuid import UUID

import pytest

from spaces_project.kernel.entity import DomainEvent, event_class, event_classes
from tests.kernel.jars import NOON, Jar, JarIsFull, JarIsShut, JarShut, MarbleAdded

ONE = UUID(int=1)


def jar_with(*colours: str) -> Jar:
    jar = Jar(ONE)
    for colour in colours:
        jar.add(colour)
    return jar


def test_a_decision_is_an_event_and_its_consequence() -> None:
    jar = jar_with("red", "blue")

    assert jar.colours == ["red", "blue"]
    assert jar.version == 2
    assert [(e.originator_id, e.originator_version) for e in jar.pending_events] == [
        (ONE, 1),
        (ONE, 2),
    ]


@pytest.mark.parametrize("shut", [True, False])
def test_a_refused_decision_leaves_nothing_behind(shut: bool) -> None:
    jar = jar_with("red")
    if shut:
        jar.close()
    known = len(jar.pending_events)

    with pytest.raises(JarIsShut if shut else JarIsFull):
        jar.add("blue", most=1)

    assert len(jar.pending_events) == jar.version == known
    assert jar.colours == ["red"]


def test_a_replay_gives_the_same_state_and_asks_no_rule() -> None:
    jar = jar_with("red", "blue")
    jar.close()
    history = jar.collect_events()

    again = Jar.replay(ONE, history)

    assert (again.colours, again.shut, again.version) == (jar.colours, True, 3)
    assert again.pending_events == []


def test_events_are_handed_over_once() -> None:
    jar = jar_with("red")

    assert len(jar.collect_events()) == 1
    assert jar.collect_events() == []


@pytest.mark.parametrize("version", [0, 1, 3, 7])
def test_only_the_next_event_applies(version: int) -> None:
    jar = jar_with("red")
    wrong = MarbleAdded(originator_id=ONE, originator_version=version, at=NOON, colour="blue")

    with pytest.raises(ValueError, match="is at version 1"):
        jar.apply(wrong)

    assert jar.colours == ["red"]


def test_an_event_cannot_be_changed() -> None:
    happened = jar_with("red").pending_events[0]

    with pytest.raises(AttributeError):
        happened.colour = "blue"  # type: ignore[attr-defined]


def test_the_catalogue_knows_a_topic_by_its_own_class_only() -> None:
    assert event_class("tests.MarbleAdded") is MarbleAdded
    assert event_classes()["tests.JarShut"] is JarShut
    assert event_class("tests.kernel.jars:MarbleAdded") is None


def test_no_two_events_share_a_topic() -> None:
    with pytest.raises(TypeError, match=r"tests\.MarbleAdded"):

        class Impostor(DomainEvent, frozen=True):
            TOPIC = "tests.MarbleAdded"

    assert event_class("tests.MarbleAdded") is MarbleAdded
