"""The small modules that need no room: names, colours, addresses, pauses, signalling texts."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from rooms.domain.reactions import EMOJI

Call = Callable[..., Any]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ana Reyes", "AR"),
        ("bo", "B"),
        ("  Ana  María  Reyes ", "AR"),
        ("🦊 Iris", "🦊I"),
        ("\U0001f469\u200d\U0001f467 Dee", "\U0001f469\u200d\U0001f467D"),
        ("\u202e\u0000", "?"),
        ("<script>alert(1)</script>", "S"),
        ("", "?"),
    ],
)
def test_initials_are_the_letters_that_a_person_sees(
    module: Call, name: str, expected: str
) -> None:
    assert module("faces", "initials", name) == expected


def test_a_person_has_the_same_colours_everywhere(module: Call) -> None:
    assert module("faces", "hues", "acc_1") == module("faces", "hues", "acc_1")
    assert len({tuple(module("faces", "hues", f"acc_{n}")) for n in range(60)}) >= 8


@pytest.mark.parametrize(
    "wish",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/rooms/../../evil",
        "",
        None,
    ],
)
def test_signing_in_leads_to_no_other_site(module: Call, wish: str | None) -> None:
    assert module("session", "safeNext", wish) == "/"


def test_signing_in_leads_back_to_the_room(module: Call) -> None:
    room = "/rooms/room_" + "0" * 26

    assert module("session", "safeNext", room) == room


def test_pauses_grow_with_chance_and_have_an_end(module: Call) -> None:
    pauses = [[module("close-codes", "backoff", attempt) for _ in range(8)] for attempt in range(9)]

    assert all(200 <= pause <= 400 for pause in pauses[0])
    assert all(7_500 <= pause <= 15_000 for pause in pauses[8])
    assert len(set(pauses[8])) > 1


@pytest.mark.parametrize(
    ("code", "final"),
    [(code, True) for code in (4004, 4403, 4404, 4409, 4410)]
    + [(code, False) for code in (1006, 1012, 4001, 4003, 4008, 4009, 4013)],
)
def test_only_what_cannot_change_is_final(module: Call, code: int, final: bool) -> None:
    assert module("close-codes", "isFinal", code) is final


def test_who_is_rate_limited_waits(module: Call) -> None:
    assert module("close-codes", "pauseAfter", 4008) >= 5_000


@pytest.mark.parametrize(
    ("number", "word"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (22, "22nd")]
)
def test_places_in_line_are_words(module: Call, number: int, word: str) -> None:
    assert module("sentences", "ordinal", number) == word


@pytest.mark.parametrize(("dbov", "portion"), [(-127, 0), (-55, 0), (-35, 0.5), (-15, 1), (0, 1)])
def test_a_ring_is_a_portion_of_the_loudness(module: Call, dbov: int, portion: float) -> None:
    assert module("levels", "portion", dbov) == portion


OFFER = (
    "v=0\r\na=ice-ufrag:new\r\na=ice-pwd:secret\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=setup:actpass\r\n"
)


def test_an_ice_restart_sends_only_the_new_credentials(module: Call) -> None:
    assert module("peer", "fragmentOf", OFFER) == (
        "a=ice-ufrag:new\r\na=ice-pwd:secret\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
    )


def test_the_answer_to_a_restart_keeps_the_rest(module: Call) -> None:
    fragment = "a=ice-ufrag:server\r\na=ice-pwd:$&-kept-as-it-is\r\n"

    assert module("peer", "withCredentials", OFFER, fragment) == OFFER.replace(
        "new", "server"
    ).replace("secret", "$&-kept-as-it-is")


@pytest.mark.parametrize(
    ("seat", "mic"),
    [
        ({"account_id": "a", "muted": False, "muted_by": None}, "on"),
        ({"account_id": "a", "muted": True, "muted_by": None}, "off"),
        ({"account_id": "a", "muted": True, "muted_by": "a"}, "off"),
        ({"account_id": "a", "muted": True, "muted_by": "b"}, "muted"),
    ],
)
def test_a_seat_says_who_closed_the_microphone(
    module: Call, seat: dict[str, Any], mic: str
) -> None:
    assert module("sentences", "micOf", seat) == mic


def test_the_page_offers_the_reactions_that_there_are(workshop: Page) -> None:
    script = "async () => (await import('/static/rooms/js/reactions-view.js')).REACTIONS"
    offered: dict[str, str] = workshop.evaluate(script)

    assert tuple(offered) == EMOJI
    assert all(offered.values())


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "http://example.org/",
        "https://bank.example@evil.example/",
        "//evil.example",
        "data:text/html,<script>",
        "",
        None,
    ],
)
def test_a_pin_leads_only_where_it_says(module: Call, url: str | None) -> None:
    assert module("pins-view", "safeLink", url) is None


def test_a_pin_names_its_host(module: Call) -> None:
    link = module("pins-view", "safeLink", "https://example.org/a?b")

    assert link == {"href": "https://example.org/a?b", "host": "example.org"}


@pytest.mark.parametrize(
    ("text", "topics"),
    [("travel, #railways ,travel,", ["travel", "railways"]), ("", []), ("两, 茶", ["两", "茶"])],
)
def test_topics_are_the_words_between_commas(module: Call, text: str, topics: list[str]) -> None:
    assert module("room-card", "topicsOf", text) == topics


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 s"), (59, "59 s"), (61, "1:01")])
def test_a_countdown_is_short(module: Call, seconds: int, words: str) -> None:
    assert module("countdown", "minutes", seconds) == words
