"""Everything that one does in a room over REST: what is answered, and what is refused."""

from uuid import uuid4

import pytest

from rooms import queries
from tests.api.scenes import Caller, Evening, acc, said
from tests.projections.scenes import give_seat, live_room, someone, topics

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

PART = {
    "account_id", "name", "handle", "room_id", "present", "on_stage", "hand_raised_at",
    "may_ask_from", "seat_kept_until", "invited", "speak_invitation", "removed", "blocked", "seq",
}  # fmt: skip


@pytest.fixture
def evening() -> Evening:
    return Evening()


def test_the_host_starts_and_ends_the_room() -> None:
    host = Caller(someone("ana"))
    path = f"rooms/{host.ask('POST rooms', {'title': 'Tea'}).json()['id']}"
    started = host.ask(f"POST {path}/start")
    assert (started.status_code, started.json()["state"], started["ETag"]) == (200, "live", '"2"')
    assert started.json()["started_at"] is not None
    assert said(host.ask(f"POST {path}/start")) == (409, "already-live")
    ended = host.ask(f"POST {path}/end")

    assert (ended.json()["state"], ended.json()["seats"]) == ("ended", [])
    assert ended.json()["ended_at"] is not None
    assert ended.json()["seq"] == 3


def test_what_is_asked_before_the_start_is_refused() -> None:
    ana, bo = someone("ana"), someone("bob")
    host, guest = Caller(ana), Caller(bo)
    path = f"rooms/{host.ask('POST rooms', {'title': 'Tea'}).json()['id']}"

    assert said(guest.ask(f"POST {path}/join")) == (409, "room-not-live")
    assert said(guest.ask(f"POST {path}/hands")) == (409, "room-not-live")
    assert said(host.ask(f"PUT {path}/speakers/{acc(bo)}")) == (409, "room-not-live")
    assert said(host.ask(f"DELETE {path}/muted/me")) == (409, "room-not-live")
    assert host.ask(f"POST {path}/join").json()["present"] is True


def test_coming_and_going_is_answered_with_ones_part(evening: Evening) -> None:
    joined = evening.stranger.ask(f"POST {evening.path}/join")
    body = joined.json()
    assert set(body) == PART
    assert (body["account_id"], body["room_id"]) == (acc(evening.flo), evening.id)
    assert (body["present"], body["on_stage"], body["hand_raised_at"]) == (True, False, None)
    assert body["seq"] == queries.last_seq(evening.room_id)
    assert joined["ETag"] == '"1"'
    left = evening.stranger.ask(f"POST {evening.path}/leave").json()

    assert left["present"] is False
    assert topics(evening.room_id)[-2:] == ["Joined", "Left"]


def test_a_hand_is_raised_shown_in_line_and_lowered(evening: Evening) -> None:
    raised = evening.listener.ask(f"POST {evening.path}/hands").json()
    assert raised["hand_raised_at"] is not None
    assert said(evening.listener.ask(f"POST {evening.path}/hands")) == (409, "hand-is-up")
    lowered = evening.listener.ask(f"DELETE {evening.path}/hands/me").json()
    assert (lowered["account_id"], lowered["hand_raised_at"]) == (acc(evening.cy), None)
    response = evening.listener.ask(f"POST {evening.path}/hands")

    assert said(response) == (429, "hand-cooling-down")
    assert response["Retry-After"] == str(response.json()["retry_after_s"])
    assert 59 <= response.json()["retry_after_s"] <= 60


def test_after_a_refusal_one_rests_five_minutes(evening: Evening) -> None:
    evening.listener.ask(f"POST {evening.path}/hands")
    evening.host.ask(f"DELETE {evening.path}/hands/{acc(evening.cy)}")
    response = evening.listener.ask(f"POST {evening.path}/hands")

    assert said(response) == (429, "hand-cooling-down")
    assert 299 <= response.json()["retry_after_s"] <= 300


def test_the_line_is_first_in_first_out(evening: Evening) -> None:
    evening.stranger.ask(f"POST {evening.path}/join")
    evening.stranger.ask(f"POST {evening.path}/hands")
    position = evening.listener.ask(f"POST {evening.path}/hands")["Position"]
    assert position
    from tests.projections.scenes import see  # noqa: PLC0415

    see()
    line = evening.listener.ask(f"GET {evening.path}/hands").json()["results"]

    assert [(h["account_id"], h["position"]) for h in line] == [
        (acc(evening.flo), 1), (acc(evening.cy), 2),
    ]  # fmt: skip


def test_a_speaker_is_promoted_opens_the_own_microphone_and_is_muted(evening: Evening) -> None:
    listener, host, cy = evening.listener, evening.host, acc(evening.cy)
    promoted = host.ask(f"PUT {evening.path}/speakers/{cy}").json()
    assert promoted["speaker_ids"] == [acc(evening.bo), cy]
    assert promoted["seats"][2]["muted"] is True
    assert said(host.ask(f"PUT {evening.path}/speakers/{cy}")) == (409, "already-on-stage")
    assert said(host.ask(f"DELETE {evening.path}/muted/{cy}")) == (403, "only-yourself")
    opened = listener.ask(f"DELETE {evening.path}/muted/me").json()
    assert opened["seats"][2]["muted"] is False
    closed = host.ask(f"PUT {evening.path}/muted/{cy}").json()

    assert (closed["seats"][2]["muted"], closed["seats"][2]["muted_by"]) == (True, acc(evening.ana))


def test_a_speaker_is_demoted_or_steps_down(evening: Evening) -> None:
    bo = acc(evening.bo)
    assert evening.host.ask(f"DELETE {evening.path}/speakers/{bo}").json()["speaker_ids"] == []
    assert said(evening.host.ask(f"DELETE {evening.path}/speakers/{bo}")) == (409, "not-on-stage")
    evening.host.ask(f"PUT {evening.path}/speakers/{bo}")
    assert evening.speaker.ask(f"DELETE {evening.path}/speakers/me").json()["speaker_ids"] == []
    host = acc(evening.ana)
    assert said(evening.host.ask(f"DELETE {evening.path}/speakers/{host}")) == (409, "host-stays")

    assert "SpeakerSteppedDown" in topics(evening.room_id)


def test_who_is_not_inside_gets_no_seat(evening: Evening) -> None:
    before = topics(evening.room_id)
    for whom, code in ((evening.flo, "not-in-room"), (evening.di, "person-is-out")):
        response = evening.host.ask(f"PUT {evening.path}/speakers/{acc(whom)}")
        assert said(response)[1] == code
    assert said(evening.host.ask(f"PUT {evening.path}/muted/{acc(evening.cy)}")) == (
        409, "not-on-stage",
    )  # fmt: skip

    assert topics(evening.room_id) == before


def test_a_full_stage_says_how_large_it_is() -> None:
    ana, *guests = [someone(f"person_{n}") for n in range(14)]
    room = live_room(ana, *guests)
    for guest in guests[:12]:
        give_seat(room, guest, by=ana)
    from spaces_project.kernel.ids import public  # noqa: PLC0415

    response = Caller(ana).ask(f"PUT rooms/{public('room', room)}/speakers/{acc(guests[12])}")

    assert said(response) == (409, "stage-is-full")
    assert response.json()["stage_size"] == 13


def test_who_leaves_gives_the_seat_back_and_the_host_keeps_it_muted(evening: Evening) -> None:
    evening.host.ask(f"POST {evening.path}/join")
    evening.host.ask(f"DELETE {evening.path}/muted/me")
    evening.speaker.ask(f"POST {evening.path}/leave")
    evening.host.ask(f"POST {evening.path}/leave")
    seats = queries.stage_now(evening.room_id).seats

    assert list(seats) == [evening.ana]
    assert seats[evening.ana].muted


def test_a_removal_has_a_reason_and_is_for_good(evening: Evening) -> None:
    path = f"{evening.path}/removed/{acc(evening.bo)}"
    assert said(evening.host.ask(f"PUT {path}", {"reason": "r" * 301})) == (400, "bad-text")
    assert said(evening.host.ask(f"PUT {path}", {"why": "rude"})) == (400, "invalid-request")
    removed = evening.host.ask(f"PUT {path}", {"reason": "rude"})

    assert removed.json()["removed"] is True
    assert (removed.json()["present"], removed.json()["on_stage"]) == (False, False)
    assert evening.bo not in queries.stage_now(evening.room_id).seats
    assert said(evening.speaker.ask(f"POST {evening.path}/join")) == (403, "removed-from-room")
    assert evening.host.ask(f"PUT {path}").status_code == 200


@pytest.mark.parametrize("place", ["removed", "blocked"])
def test_an_account_that_does_not_exist_is_not_put_out(evening: Evening, place: str) -> None:
    before = topics(evening.room_id)

    assert said(evening.host.ask(f"PUT {evening.path}/{place}/{acc(uuid4())}"))[0] == 404
    assert topics(evening.room_id) == before


def test_a_block_is_answered_and_works_for_who_was_never_there(evening: Evening) -> None:
    for whom in (evening.bo, evening.flo):
        body = evening.host.ask(f"PUT {evening.path}/blocked/{acc(whom)}").json()
        assert (body["account_id"], body["blocked"]) == (acc(whom), True)
    assert said(evening.host.ask(f"PUT {evening.path}/blocked/{acc(evening.ana)}")) == (
        409, "host-stays",
    )  # fmt: skip

    assert said(evening.stranger.ask(f"POST {evening.path}/join"))[0] in {403, 404}


def test_policies_decide_who_comes_in_and_who_asks(evening: Evening) -> None:
    changed = evening.host.ask(
        f"PATCH {evening.path}", {"audience_policy": "followers", "speak_policy": "invited"}
    ).json()

    assert (changed["audience_policy"], changed["speak_policy"]) == ("followers", "invited")
    assert said(evening.stranger.ask(f"POST {evening.path}/join")) == (403, "followers-only")
    assert said(evening.listener.ask(f"POST {evening.path}/hands")) == (403, "may-not-ask")
    for wrong in ({"audience_policy": "all"}, {"state": "ended"}):
        assert said(evening.host.ask(f"PATCH {evening.path}", wrong)) == (400, "invalid-request")


AFTER_THE_END = [
    "PATCH {room}", "POST {room}/start", "POST {room}/end", "POST {room}/join",
    "POST {room}/leave", "POST {room}/hands", "DELETE {room}/hands/me",
    "PUT {room}/speakers/{cy}", "DELETE {room}/speakers/{bo}", "PUT {room}/muted/{bo}",
    "DELETE {room}/muted/me", "PUT {room}/removed/{cy}", "PUT {room}/blocked/{cy}",
]  # fmt: skip


def test_after_the_end_everything_is_refused_and_nothing_recorded(evening: Evening) -> None:
    evening.host.ask(f"POST {evening.path}/end")
    before = topics(evening.room_id)
    for line in AFTER_THE_END:
        asked = line.format(room=evening.path, bo=acc(evening.bo), cy=acc(evening.cy))
        for caller in (evening.host, evening.speaker, evening.listener, evening.stranger):
            assert said(caller.ask(asked)) == (409, "room-is-over"), line

    assert topics(evening.room_id) == before


BODYLESS = [
    "POST {room}/start", "POST {room}/end", "POST {room}/join", "POST {room}/leave",
    "POST {room}/hands", "PUT {room}/speakers/{bo}", "DELETE {room}/speakers/{bo}",
    "PUT {room}/muted/{bo}", "PUT {room}/blocked/{bo}", "PATCH {room}", "PUT {room}/removed/{bo}",
]  # fmt: skip


@pytest.mark.parametrize("line", BODYLESS)
def test_a_member_that_is_not_known_is_pointed_at(evening: Evening, line: str) -> None:
    before = topics(evening.room_id)
    response = evening.host.ask(
        line.format(room=evening.path, bo=acc(evening.bo)), {"account_id": acc(uuid4())}
    )

    assert said(response) == (400, "invalid-request")
    assert [error["pointer"] for error in response.json()["errors"]] == ["/account_id"]
    assert topics(evening.room_id) == before
