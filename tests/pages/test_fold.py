"""The room in the browser is a pure fold: snapshot + events = the next snapshot."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.pages.rooms import ANA, AT, BO, CY, DEE, event, person, room, seat, snapshot

Fold = Callable[..., dict[str, Any]]
BEGIN = snapshot(room())
OURS = {"kept_until", "followers_invited"}  # what only the page keeps


def without_bookkeeping(state: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if name not in OURS}


def test_a_snapshot_is_the_state(fold: Fold) -> None:
    assert without_bookkeeping(fold(BEGIN)) == room()


def test_who_joins_listens_and_is_counted(fold: Fold) -> None:
    state = fold(BEGIN, event(11, "participant.joined", CY, **person(CY)))

    assert state["listeners"] == [person(BO), person(CY)]
    assert state["participant_count"] == 3
    assert state["seq"] == 11


def test_who_joins_and_leaves_changes_nothing_but_the_seq(fold: Fold) -> None:
    came = event(11, "participant.joined", CY, **person(CY))
    went = event(12, "participant.left", CY, **person(CY))

    assert without_bookkeeping(fold(BEGIN, came, went)) == room(seq=12)


def test_hands_wait_in_line(fold: Fold) -> None:
    state = fold(
        BEGIN,
        event(11, "participant.joined", CY, **person(CY)),
        event(12, "hand.raised", CY, **person(CY)),
        event(13, "hand.raised", BO, **person(BO)),
    )

    assert [hand["position"] for hand in state["hands"]] == [1, 2]
    assert state["hands"][1] == {**person(BO), "raised_at": AT, "position": 2}
    assert state["viewer"]["role"] == "requested"
    assert set(state["viewer"]["can"]) == {"leave", "listen", "react", "lower_hand"}


def test_a_lowered_hand_lets_the_others_move_up(fold: Fold) -> None:
    state = fold(
        BEGIN,
        event(11, "hand.raised", CY, **person(CY)),
        event(12, "hand.raised", BO, **person(BO)),
        event(13, "hand.lowered", ANA, **person(CY)),
    )

    assert [(hand["account_id"], hand["position"]) for hand in state["hands"]] == [(BO, 1)]


def long_line() -> dict[str, Any]:
    """Return a snapshot that names two of sixty hands; Bo's is the 55th."""
    hands = [
        {**person(account), "raised_at": AT, "position": place}
        for place, account in enumerate([CY, DEE], start=1)
    ]
    state = room(role="requested", hands=hands, hand_count=60)
    state["viewer"]["hand_position"] = 55
    return snapshot(state)


def test_a_long_line_moves_up_though_it_is_told_in_part(fold: Fold) -> None:
    lowered = fold(long_line(), event(11, "hand.lowered", ANA, **person(CY)))
    unseen = fold(long_line(), event(11, "hand.lowered", ANA, **person(ANA)))

    assert [hand["position"] for hand in lowered["hands"]] == [1]
    assert (lowered["hand_count"], lowered["viewer"]["hand_position"]) == (59, 54)
    assert (unseen["hand_count"], unseen["viewer"]["hand_position"]) == (59, 55)


def test_a_hand_behind_a_gap_is_counted_and_not_put_before_those_in_it(fold: Fold) -> None:
    begin = long_line()
    begin["state"]["viewer"] |= {"role": "listener", "hand_position": None}

    other = fold(begin, event(11, "hand.raised", ANA, **person(ANA)))
    mine = fold(begin, event(11, "hand.raised", BO, **person(BO)))

    assert (len(other["hands"]), other["hand_count"]) == (2, 61)
    assert (len(mine["hands"]), mine["viewer"]["hand_position"]) == (2, 61)


def test_a_line_without_a_count_is_told_in_full(fold: Fold) -> None:
    begin = long_line()
    del begin["state"]["hand_count"]
    del begin["state"]["viewer"]["hand_position"]
    begin["state"]["viewer"]["account_id"] = DEE

    assert fold(begin)["hand_count"] == 2
    assert fold(begin)["viewer"]["hand_position"] == 2


def test_an_accepted_hand_becomes_a_muted_seat(fold: Fold) -> None:
    state = fold(
        BEGIN,
        event(11, "hand.raised", BO, **person(BO)),
        event(12, "participant.seated", ANA, **person(BO)),
        event(13, "speaker.promoted", ANA, **person(BO)),
    )

    assert state["seats"] == [seat(ANA, "host"), seat(BO)]
    assert (state["hands"], state["listeners"]) == ([], [])
    assert state["speaker_ids"] == [BO]
    assert state["viewer"]["role"] == "speaker"
    assert {"speak", "unmute_self", "step_down"} <= set(state["viewer"]["can"])


def test_a_mute_names_who_muted(fold: Fold) -> None:
    promoted = event(11, "speaker.promoted", ANA, **person(BO))
    unmuted = event(12, "speaker.unmuted", BO, **person(BO))
    muted = event(13, "speaker.muted", ANA, **person(BO))

    assert fold(BEGIN, promoted, unmuted)["seats"][1] == seat(BO, muted=False)
    state = fold(BEGIN, promoted, unmuted, muted)
    assert state["seats"][1] == seat(BO, muted=True, muted_by=ANA)
    assert "unmute_self" in state["viewer"]["can"]


def test_who_steps_down_listens_again(fold: Fold) -> None:
    state = fold(
        BEGIN,
        event(11, "speaker.promoted", ANA, **person(BO)),
        event(12, "participant.unseated", BO, **person(BO)),
        event(13, "speaker.demoted", BO, **person(BO), stepped_down=True),
    )

    assert without_bookkeeping(state) == room(seq=13)


@pytest.mark.parametrize("then", [[], ["participant.removed"], ["participant.blocked"]])
@pytest.mark.parametrize("seat_first", [True, False])
def test_who_goes_from_the_stage_does_not_stay_in_the_audience(
    fold: Fold, then: list[str], *, seat_first: bool
) -> None:
    seat_back, out = ["speaker.demoted", "participant.unseated"], ["participant.left", *then]
    last = [*seat_back, *out] if seat_first else [*out, *seat_back]
    state = fold(
        BEGIN,
        event(11, "participant.joined", CY, **person(CY)),
        event(12, "speaker.promoted", ANA, **person(CY)),
        *(event(13 + at, kind, ANA, **person(CY)) for at, kind in enumerate(last)),
    )

    assert without_bookkeeping(state) == room(seq=12 + len(last))


def test_who_is_removed_without_being_listed_is_counted_once(fold: Fold) -> None:
    begin = snapshot(room(participant_count=400))
    left = event(11, "participant.left", ANA, **person(CY))
    removed = event(12, "participant.removed", ANA, **person(CY))

    assert fold(begin, left)["participant_count"] == 399
    assert fold(begin, left, removed)["participant_count"] == 399


def test_who_is_removed_on_stage_loses_the_seat_at_once(fold: Fold) -> None:
    state = fold(
        snapshot(room(seats=[seat(ANA, "host"), seat(CY)], participant_count=3)),
        event(11, "participant.left", ANA, **person(CY)),
        event(12, "participant.removed", ANA, **person(CY)),
    )

    assert without_bookkeeping(state) == room(speaker_ids=[], seq=12)


@pytest.mark.parametrize(
    ("kind", "role"), [("participant.removed", "removed"), ("participant.blocked", "blocked")]
)
def test_who_is_put_out_may_do_nothing_more(fold: Fold, kind: str, role: str) -> None:
    state = fold(
        BEGIN,
        event(11, "participant.left", ANA, **person(BO)),
        event(12, kind, ANA, **person(BO)),
        event(13, "hand.lowered", **person(BO)),
    )

    assert state["viewer"] == {**room()["viewer"], "role": role, "can": []}
    assert state["participant_count"] == 1


def test_a_host_who_leaves_keeps_the_seat_and_may_come_back(fold: Fold) -> None:
    begin = snapshot(room(ANA, "host"))
    away = fold(begin, event(11, "participant.left", ANA, **person(ANA)))
    back = fold(
        begin,
        event(11, "participant.left", ANA, **person(ANA)),
        event(12, "participant.joined", ANA, **person(ANA)),
    )

    assert (away["viewer"]["role"], "join" in away["viewer"]["can"]) == ("host", True)
    assert (back["viewer"]["role"], "leave" in back["viewer"]["can"]) == ("host", True)
    assert back["participant_count"] == 2


def test_policies_decide_who_sees_the_hand(fold: Fold) -> None:
    state = fold(
        BEGIN,
        event(11, "policies.changed", audience_policy="followers", speak_policy="invited"),
    )

    assert (state["audience_policy"], state["speak_policy"]) == ("followers", "invited")
    assert "raise_hand" not in state["viewer"]["can"]


def test_a_started_room_is_live(fold: Fold) -> None:
    scheduled = snapshot(room(state="scheduled", started_at=None))

    state = fold(scheduled, event(11, "room.started"))

    assert (state["state"], state["started_at"]) == ("live", AT)


def test_an_ended_room_is_empty(fold: Fold) -> None:
    state = fold(BEGIN, event(11, "room.ended", reason="host"))

    assert (state["state"], state["ended_at"]) == ("ended", AT)
    assert (state["seats"], state["listeners"], state["participant_count"]) == ([], [], 0)
    assert (state["hands"], state["hand_count"]) == ([], 0)
    assert state["viewer"] == {**room()["viewer"], "role": None, "can": []}


def test_counts_carry_no_seq(fold: Fold) -> None:
    state = fold(BEGIN, {"type": "counts", "participant_count": 900})

    assert (state["participant_count"], state["seq"]) == (900, 10)


def test_an_ended_room_without_content_can_be_folded(fold: Fold) -> None:
    state = fold({"type": "snapshot", "seq": 5, "state": {"id": "room_1", "state": "ended"}})

    assert (state["seats"], state["hands"], state["viewer"]["can"]) == ([], [], [])


def test_a_name_is_taken_from_where_it_is_known(fold: Fold) -> None:
    state = fold(
        snapshot(room(listeners=[person(BO), person(DEE)])),
        event(11, "speaker.promoted", ANA, account_id=DEE),
    )

    assert state["seats"][1] == seat(DEE)
