"""The fold of co-hosts, hand-overs, dropped lines, invitations and what the host pins."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.pages.rooms import ANA, AT, BO, CY, DEE, event, person, room, seat, snapshot

Fold = Callable[..., dict[str, Any]]
LATER = "2026-01-02T03:05:05.678Z"


def staged(viewer: str = BO, role: str = "speaker", **changes: object) -> dict[str, Any]:
    """Return the snapshot of a room with Ana as host, Bo and Cy on stage."""
    seats = [seat(ANA, "host"), seat(BO, muted=False), seat(CY, muted=False)]
    shown = {"seats": seats, "listeners": [], "participant_count": 3, "speaker_ids": [BO, CY]}
    return snapshot(room(viewer, role, **{**shown, **changes}))


def test_cohosts_stand_in_the_order_of_their_appointment(fold: Fold) -> None:
    first = event(11, "cohost.appointed", **person(CY))
    second = event(12, "cohost.appointed", **person(BO))
    dismissed = event(13, "cohost.dismissed", **person(CY))

    both = fold(staged(), first, second)
    one = fold(staged(), first, second, dismissed)

    assert (both["cohost_ids"], both["host_ids"]) == ([CY, BO], [ANA, CY, BO])
    assert (both["viewer"]["role"], "promote" in both["viewer"]["can"]) == ("cohost", True)
    assert not {"end", "block", "appoint_cohost"} & set(both["viewer"]["can"])
    assert (one["cohost_ids"], one["speaker_ids"]) == ([BO], [CY])


@pytest.mark.parametrize(("cause", "ana"), [("handed_over", ["speaker"]), ("host_dropped", [])])
def test_a_room_is_handed_over(fold: Fold, cause: str, ana: list[str]) -> None:
    given = event(11, "host.handed_over", **person(BO), former_host_id=ANA, cause=cause)
    state = fold(staged(), given)

    assert (state["host_id"], state["viewer"]["role"]) == (BO, "host")
    assert "end" in state["viewer"]["can"]
    assert [one["role"] for one in state["seats"] if one["account_id"] == ANA] == ana


def test_who_loses_the_line_is_away_and_comes_back_into_the_seat(fold: Fold) -> None:
    dropped = event(11, "participant.dropped", CY, **person(CY), seat_kept_until=LATER)
    back = event(12, "participant.returned", CY, **person(CY))
    away, returned = fold(staged(), dropped), fold(staged(), dropped, back)

    assert away["seats"][2] == seat(CY, muted=False, away=True)
    assert (away["participant_count"], away["kept_until"]) == (2, {CY: LATER})
    assert returned["seats"][2] == seat(CY, muted=False)
    assert (returned["participant_count"], returned["kept_until"]) == (3, {})


def test_a_seat_that_lapsed_is_free_and_nobody_listens_instead(fold: Fold) -> None:
    dropped = event(11, "participant.dropped", BO, **person(BO), seat_kept_until=LATER)
    lapsed = event(12, "seat.lapsed", **person(BO))
    state = fold(staged(), dropped, lapsed)

    assert [one["account_id"] for one in state["seats"]] == [ANA, CY]
    assert (state["listeners"], state["participant_count"]) == ([], 2)
    assert (state["viewer"]["role"], "join" in state["viewer"]["can"]) == (None, True)


def test_all_are_muted_at_once(fold: Fold) -> None:
    state = fold(staged(), event(11, "speakers.muted", account_ids=[BO, CY]))

    assert [one["muted_by"] for one in state["seats"]] == [None, ANA, ANA]
    assert "unmute_self" in state["viewer"]["can"]


def test_the_card_and_the_pins_change(fold: Fold) -> None:
    state = fold(
        snapshot(room()),
        event(11, "title.changed", title="Day trains"),
        event(12, "description.changed", description="Seats."),
        event(13, "topics.changed", topic_ids=["travel"]),
        event(14, "pin.added", pin_id="pin_1", text="Timetable", url="https://example.org/"),
        event(15, "pin.added", pin_id="pin_2", text="Menu", url=None),
        event(16, "pin.removed", pin_id="pin_2"),
        event(17, "room.ending_soon", ends_at=LATER),
    )

    pin = {"text": "Timetable", "url": "https://example.org/", "pinned_by": ANA, "pinned_at": AT}
    assert (state["title"], state["description"]) == ("Day trains", "Seats.")
    assert (state["topic_ids"], state["ending_at"]) == (["travel"], LATER)
    assert state["pins"] == [{"pin_id": "pin_1", **pin}]


@pytest.mark.parametrize("answer", ["accepted", "declined", "cancelled", "expired"])
def test_an_invitation_to_speak_stands_until_it_is_answered(fold: Fold, answer: str) -> None:
    offered = event(11, "speaker.invited", **person(BO), expires_at=LATER)
    answered = event(12, f"speak_invitation.{answer}", BO, **person(BO))
    mine = fold(snapshot(room()), offered)
    host = snapshot(room(ANA, "host"))

    assert mine["viewer"]["speak_invitation"] == {"expires_at": LATER, "by": ANA}
    assert "accept_invitation" in mine["viewer"]["can"]
    assert mine["speak_invitations"] == []
    over = fold(snapshot(room()), offered, answered)
    assert over["viewer"]["speak_invitation"] is None
    assert "accept_invitation" not in over["viewer"]["can"]
    assert fold(host, offered)["speak_invitations"] == [{**person(BO), "expires_at": LATER}]
    assert fold(host, offered, answered)["speak_invitations"] == []


def test_who_is_invited_is_known_to_those_who_lead_and_to_the_person(fold: Fold) -> None:
    invited = event(11, "person.invited", **person(DEE))
    taken_back = event(12, "person.uninvited", **person(DEE))

    host = snapshot(room(ANA, "host"))
    assert fold(host, invited)["invited_user_ids"] == [DEE]
    assert fold(host, invited, taken_back)["invited_user_ids"] == []
    assert fold(snapshot(room(DEE)), invited)["viewer"]["invited"] is True
    assert fold(snapshot(room()), invited)["invited_user_ids"] == []


@pytest.mark.parametrize(
    ("actor", "from_when"), [(BO, "2026-01-02T03:05:05.678Z"), (ANA, "2026-01-02T03:09:05.678Z")]
)
def test_who_lowered_a_hand_may_ask_again_later(fold: Fold, actor: str, from_when: str) -> None:
    raised, lowered = (
        event(11, "hand.raised", BO, **person(BO)),
        event(12, "hand.lowered", actor, **person(BO)),
    )

    assert fold(snapshot(room()), raised)["viewer"]["hand_raised_at"] == AT
    viewer = fold(snapshot(room()), raised, lowered)["viewer"]
    assert (viewer["hand_raised_at"], viewer["may_ask_from"]) == (None, from_when)


def test_a_warning_lasts_as_long_as_the_blocked_person_speaks(fold: Fold) -> None:
    warning = {"type": "warning", "code": "blocked-speaker", "account_id": CY}
    warned = fold(staged(), warning, warning)
    gone = fold(staged(), warning, event(11, "speaker.demoted", **person(CY)))

    assert warned["viewer"]["warnings"] == [{"code": "blocked-speaker", "account_id": CY}]
    assert warned["seq"] == 10
    assert gone["viewer"]["warnings"] == []


def test_a_range_of_redacted_events_moves_the_seq(fold: Fold) -> None:
    assert fold(snapshot(room()), {"type": "redacted", "from": 11, "seq": 19})["seq"] == 19


def test_a_big_room_is_counted(fold: Fold) -> None:
    counts = {"type": "counts", "participant_count": 5000, "hand_count": 7}
    state = fold(snapshot(room()), counts)

    assert (state["participant_count"], state["hand_count"], state["seq"]) == (5000, 7, 10)
