"""Doing once what is asked twice, on the version that was seen, and reading one's own writes."""

import time
from threading import Timer

import pytest
from django.db import connections

from rooms import commands, queries
from spaces_project.kernel.following import waiting
from spaces_project.kernel.log.event_log import event_log
from tests.api.scenes import Evening, acc, said
from tests.projections.scenes import see, topics

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


@pytest.fixture
def evening() -> Evening:
    return Evening()


KEYED = [
    ("host", "POST rooms", {"title": "Tea"}),
    ("host", "PATCH {room}", {"speak_policy": "invited"}),
    ("stranger", "POST {room}/join", {}),
    ("speaker", "POST {room}/leave", {}),
    ("listener", "POST {room}/hands", {}),
    ("host", "PUT {room}/speakers/{cy}", {}),
    ("host", "DELETE {room}/speakers/{bo}", {}),
    ("speaker", "DELETE {room}/muted/me", {}),
    ("host", "PUT {room}/removed/{cy}", {"reason": "rude"}),
    ("host", "PUT {room}/blocked/{cy}", {}),
    ("host", "POST {room}/invitations", {"followers": True}),
    ("host", "POST {room}/pins", {"text": "Tea"}),
    ("host", "PUT {room}/cohosts/{bo}", {}),
    ("host", "POST {room}/mute-all", {}),
    ("host", "DELETE {room}/removed/{di}", {}),
    ("host", "PATCH {room}", {"title": "Coffee", "speak_policy": "invited"}),
    ("host", "POST {room}/end", {}),
    # These change nothing: so it is already.
    ("host", "PATCH {room}", {"speak_policy": "everyone"}),
    ("listener", "POST {room}/join", {}),
    ("stranger", "POST {room}/leave", {}),
    ("host", "PUT {room}/muted/{bo}", {}),
    ("host", "PUT {room}/removed/{di}", {}),
    ("host", "PUT {room}/blocked/{ed}", {}),
]


@pytest.mark.parametrize(("role", "line", "body"), KEYED)
def test_the_same_wish_gets_the_same_answer(
    evening: Evening, role: str, line: str, body: dict[str, str]
) -> None:
    people = {name: acc(getattr(evening, name)) for name in ("bo", "cy", "di", "ed")}
    asked = line.format(room=evening.path, **people)
    caller = evening.by_role[role]
    first = caller.ask(asked, body, Idempotency_Key="k1")
    recorded = topics(evening.room_id)
    second = caller.ask(asked, body, Idempotency_Key="k1")

    assert first.status_code < 300
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert (second.status_code, second.content) == (first.status_code, first.content)
    for header in ("ETag", "Position", "Location"):
        assert second.headers.get(header) == first.headers.get(header)
    assert topics(evening.room_id) == recorded


def test_the_answer_stays_the_same_though_the_room_goes_on(evening: Evening) -> None:
    line = f"PUT {evening.path}/speakers/{acc(evening.cy)}"
    first = evening.host.ask(line, Idempotency_Key="k1")
    evening.listener.ask(f"DELETE {evening.path}/speakers/me")
    evening.host.ask(f"POST {evening.path}/end")
    second = evening.host.ask(line, Idempotency_Key="k1")

    assert second.content == first.content
    assert acc(evening.cy) in second.json()["speaker_ids"]


def test_a_wish_that_changed_nothing_changes_nothing_later(evening: Evening) -> None:
    line = f"PUT {evening.path}/muted/{acc(evening.bo)}"
    first = evening.host.ask(line, Idempotency_Key="k1")
    before = topics(evening.room_id)
    evening.speaker.ask(f"DELETE {evening.path}/muted/me")
    second = evening.host.ask(line, Idempotency_Key="k1")

    assert (second["Idempotent-Replayed"], second.content) == ("true", first.content)
    assert topics(evening.room_id) == [*before, "SpeakerUnmuted"]
    assert not queries.stage_now(evening.room_id).seats[evening.bo].muted


def test_the_key_of_a_wish_that_changed_nothing_is_used_all_the_same(evening: Evening) -> None:
    line = f"PATCH {evening.path}"
    evening.host.ask(line, {"speak_policy": "everyone"}, Idempotency_Key="k1")
    before = topics(evening.room_id)
    other = evening.host.ask(line, {"speak_policy": "invited"}, Idempotency_Key="k1")

    assert said(other) == (422, "idempotency-key-reused")
    assert topics(evening.room_id) == before


def test_the_same_key_for_another_wish_is_refused(evening: Evening) -> None:
    evening.host.ask("POST rooms", {"title": "Tea"}, Idempotency_Key="k1")
    other = evening.host.ask("POST rooms", {"title": "Coffee"}, Idempotency_Key="k1")

    assert said(other) == (422, "idempotency-key-reused")


def test_a_key_is_somebodys_own_and_for_one_address(evening: Evening) -> None:
    for caller in (evening.host, evening.listener):
        answer = caller.ask("POST rooms", {"title": "Tea"}, Idempotency_Key="k1")
        assert "Idempotent-Replayed" not in answer
    joined = evening.host.ask(f"POST {evening.path}/join", Idempotency_Key="k1")

    assert joined.json()["present"] is True
    assert "Idempotent-Replayed" not in joined


@pytest.mark.parametrize("key", ["", "k" * 256, "a\tb"])
def test_a_key_has_a_form(evening: Evening, key: str) -> None:
    answer = evening.host.ask("POST rooms", {"title": "Tea"}, Idempotency_Key=key)

    assert said(answer) == (400, "invalid-request")


def test_a_refused_wish_may_be_asked_again(evening: Evening) -> None:
    line = f"PUT {evening.path}/speakers/{acc(evening.flo)}"
    assert said(evening.host.ask(line, Idempotency_Key="k1")) == (409, "not-in-room")
    evening.stranger.ask(f"POST {evening.path}/join")

    assert evening.host.ask(line, Idempotency_Key="k1").status_code == 200


def test_a_change_on_another_version_than_was_seen_is_refused(evening: Evening) -> None:
    line, wish = f"PATCH {evening.path}", {"speak_policy": "invited"}
    seen = evening.host.ask(f"GET {evening.path}")["ETag"]
    current = int(seen.strip('"').partition(".")[0])
    before = topics(evening.room_id)
    for wrong in (f'"{current - 1}"', f'"{current + 1}.7"', f'W/"{current - 1}"'):
        response = evening.host.ask(line, wish, If_Match=wrong)
        assert said(response) == (412, "version-mismatch")
        assert response.json()["current_version"] == current
    assert topics(evening.room_id) == before
    changed = evening.host.ask(line, wish, If_Match=seen)
    assert (changed.status_code, changed["ETag"]) == (200, f'"{current + 1}"')
    again = evening.host.ask(line, {"speak_policy": "everyone"}, If_Match=changed["ETag"])

    assert again.status_code == 200
    assert evening.host.ask(line, wish, If_Match="*").status_code == 200


@pytest.mark.parametrize("tag", ["seven", '""', "-1", '"' + "9" * 5000 + '"', '"٣"'])
def test_a_tag_that_was_never_given_is_refused(evening: Evening, tag: str) -> None:
    response = evening.host.ask(f"PATCH {evening.path}", {}, If_Match=tag.encode().decode("latin1"))

    assert said(response) == (400, "invalid-request")


def test_who_has_the_newest_view_gets_no_body(evening: Evening) -> None:
    line = f"GET {evening.path}"
    first = evening.listener.ask(line)
    same = evening.listener.ask(line, If_None_Match=first["ETag"])
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    for tags in (f"W/{first['ETag']}", f'"0.1", {first["ETag"]}'):
        assert evening.listener.ask(line, If_None_Match=tags).status_code == 304
    evening.stranger.ask(f"POST {evening.path}/join")
    see()
    newer = evening.listener.ask(line, If_None_Match=first["ETag"])

    assert newer.status_code == 200
    assert newer["ETag"] != first["ETag"]


def test_who_follows_the_host_by_now_gets_a_new_view_of_the_same_room(evening: Evening) -> None:
    evening.host.ask(f"PATCH {evening.path}", {"audience_policy": "followers"})
    see()
    line = f"GET {evening.path}"
    first = evening.stranger.ask(line)
    evening.stranger.ask(f"PUT accounts/me/following/{acc(evening.ana)}")
    see()
    second = evening.stranger.ask(line, If_None_Match=first["ETag"])

    assert second.status_code == 200
    assert second.json()["viewer"]["can"] == ["join"]


READS = ["", "/hands", "/participants", "/events"]


@pytest.mark.parametrize("place", READS)
def test_a_view_that_stands_still_says_so(
    evening: Evening, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "LONGEST_WAIT_S", 0.05)
    position = evening.stranger.ask(f"POST {evening.path}/join")["Position"]
    response = evening.stranger.ask(f"GET {evening.path}{place}", Min_Position=position)

    assert said(response) == (503, "projection-behind")
    assert response["Retry-After"] == "1"


def test_a_list_that_stands_still_says_so_after_two_seconds(evening: Evening) -> None:
    position = evening.host.ask("POST rooms", {"title": "Tea"})["Position"]
    began = time.monotonic()
    response = evening.host.ask("GET rooms", Min_Position=position)

    assert said(response) == (503, "projection-behind")
    assert 2.0 <= time.monotonic() - began < 4.0


def test_a_reader_waits_until_the_own_write_is_seen(evening: Evening) -> None:
    position = evening.stranger.ask(f"POST {evening.path}/join")["Position"]

    def follow() -> None:
        see()
        connections.close_all()

    follower = Timer(0.3, follow)
    follower.start()
    body = evening.stranger.ask(f"GET {evening.path}", Min_Position=position).json()
    follower.join()

    assert body["viewer"]["role"] == "listener"
    assert acc(evening.flo) in [person["account_id"] for person in body["listeners"]]


@pytest.mark.parametrize("position", ["x", "-1", "", "9" * 19, "1.5"])
def test_a_position_that_was_never_given_is_refused(evening: Evening, position: str) -> None:
    response = evening.host.ask(f"GET {evening.path}", Min_Position=position)

    assert said(response) == (400, "invalid-request")


@pytest.mark.parametrize("place", READS)
def test_a_position_at_which_nothing_is_stored_yet_is_refused_at_once(
    evening: Evening, place: str
) -> None:
    line, head = f"GET {evening.path}{place}", event_log().head()
    began = time.monotonic()
    for ahead in (1, 1000, 10**17):
        response = evening.host.ask(line, Min_Position=str(head + ahead))
        assert said(response) == (400, "invalid-request")

    assert time.monotonic() - began < 1.0
    assert evening.host.ask(line, Min_Position=str(head)).status_code == 200


def test_without_a_position_nobody_waits(evening: Evening) -> None:
    commands.leave(room_id=evening.room_id, account_id=evening.cy)
    began = time.monotonic()
    assert evening.host.ask(f"GET {evening.path}").status_code == 200

    assert time.monotonic() - began < 1.0
