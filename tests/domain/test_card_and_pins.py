"""What stands on the door, and what is pinned."""

from typing import Any

import pytest

from rooms.domain.errors import (
    BadLink,
    BadText,
    HostOnly,
    LeadersOnly,
    PinNotFound,
    RoomIsOver,
    TooManyPins,
    TooManyTopics,
)
from rooms.domain.events import Pinned
from rooms.domain.rules import Rules
from tests.domain.scenes import ANA, BO, NOON, after, ended_room, events, live_room, person, refused

ONE, TWO = person(901), person(902)


def test_the_host_writes_the_card_anew_and_each_change_is_an_event_of_its_own() -> None:
    room = live_room()
    room.change_card(ANA, after(5), title=" Coffee ", description="Black", topic_ids=["coffee"])

    assert events(room) == ["TitleChanged", "DescriptionChanged", "TopicsChanged"]
    assert (room.title, room.description, room.topic_ids) == ("Coffee", "Black", ["coffee"])
    assert room.updated_at == after(5)


def test_what_is_not_given_or_is_so_already_stays() -> None:
    room = live_room(description="Green", topic_ids=["tea"])
    room.change_card(ANA, NOON)
    room.change_card(ANA, NOON, title="Tea", description="Green", topic_ids=["tea"])
    assert events(room) == []
    room.change_card(ANA, NOON, description="", topic_ids=[])

    assert (room.title, room.description, room.topic_ids) == ("Tea", "", [])


@pytest.mark.parametrize(
    ("wish", "no"),
    [
        ({"title": ""}, BadText),
        ({"title": "t" * 71}, BadText),
        ({"description": "d" * 1001}, BadText),
        ({"topic_ids": ["a", "b", "c", "d"]}, TooManyTopics),
        ({"title": "Coffee", "topic_ids": ["a", "a"]}, TooManyTopics),
    ],
)
def test_the_limits_of_a_new_room_hold_and_nothing_is_half_written(
    wish: dict[str, Any], no: Any
) -> None:
    room = live_room()
    with refused(room, no):
        room.change_card(ANA, NOON, **wish)


def test_only_the_host_writes_the_card_and_not_after_the_end() -> None:
    with refused(room := live_room(), HostOnly):
        room.change_card(BO, NOON, title="Mine")
    with refused(over := ended_room(), RoomIsOver):
        over.change_card(ANA, NOON, title="Late")


def test_a_leader_pins_a_text_a_link_or_both_and_takes_them_down() -> None:
    room = live_room()
    room.pin(ONE, ANA, NOON, text=" Menu ", url=" https://tea.example/menu ")
    room.pin(TWO, ANA, NOON, url="http://tea.example/")
    told = room.pending_events[0]

    assert isinstance(told, Pinned)
    assert (told.text, told.url) == ("Menu", "https://tea.example/menu")
    assert list(room.pins) == [ONE, TWO]
    room.unpin(ONE, ANA, NOON)
    with refused(room, PinNotFound):
        room.unpin(ONE, ANA, NOON)
    assert list(room.pins) == [TWO]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "data:text/html,x", "tea.example", "https://", "//tea.example",
        "https://tea.example/a b", "https://[tea", "https://tea.example/" + "a" * 2000, "",
        "https://tea.example/\u202egpj.exe", "ftp://tea.example/",
    ],
)  # fmt: skip
def test_only_a_web_address_is_pinned(url: str) -> None:
    with refused(room := live_room(), BadLink):
        room.pin(ONE, ANA, NOON, text="Look", url=url)


@pytest.mark.parametrize("text", ["", "  ", "t" * 281, "a\x00b"])
def test_a_pin_without_a_link_needs_a_text_that_fits(text: str) -> None:
    with refused(room := live_room(), BadText):
        room.pin(ONE, ANA, NOON, text=text)


def test_there_are_at_most_five_pins() -> None:
    room = live_room()
    for number in range(5):
        room.pin(person(number), ANA, NOON, text="Tea")
    with refused(room, TooManyPins) as no:
        room.pin(ONE, ANA, NOON, text="Tea")
    assert no.value.facts["limit"] == 5
    room.unpin(person(2), ANA, NOON)
    room.pin(ONE, ANA, NOON, text="Tea")
    room.collect_events()
    with refused(room, TooManyPins):
        room.pin(TWO, ANA, NOON, text="Tea", rules=Rules(most_pins=1))


def test_who_does_not_lead_neither_pins_nor_takes_down() -> None:
    room = live_room()
    room.promote_speaker(BO, by=ANA, at=NOON)
    room.pin(ONE, ANA, NOON, text="Tea")
    with refused(room, LeadersOnly):
        room.pin(TWO, BO, NOON, text="Mine")
    with refused(room, LeadersOnly):
        room.unpin(ONE, BO, NOON)
    with refused(over := ended_room(), RoomIsOver):
        over.pin(TWO, ANA, NOON, text="Late")
