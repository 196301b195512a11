"""Who may host: what apps are told beforehand, what is refused, what is recorded."""

from uuid import UUID

import pytest
from pytest_django import Settings

from accounts.models import Person
from rooms import queries
from rooms.domain.events import RoomCreated
from rooms.domain.rollout import Rollout, bucket_of
from spaces_project.kernel.ids import parse
from spaces_project.presets import PRESETS
from tests.api.scenes import Caller, acc, said
from tests.projections.scenes import live_room, see_people, someone

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

TEA = {"title": "Tea"}


def recorded(room: str) -> RoomCreated:
    (created, *_) = queries.events_of(parse("room", room), after=0, limit=1)
    assert isinstance(created.event, RoomCreated)
    return created.event


def protect(account_id: UUID, *, protected: bool = True) -> None:
    response = Caller(account_id).ask("PATCH accounts/me", {"protected": protected})
    assert response.json()["protected"] is protected


def test_who_may_host_is_told_so_with_the_numbers() -> None:
    caller = Caller(someone("ana"))

    assert caller.ask("GET accounts/me/hosting").json() == {
        "may_host": True, "detail": None, "reasons": [], "followers": 0, "followers_needed": 0,
        "protected": False, "test_group": False, "test_group_only": False, "rollout": "everyone",
        "percentage": None,
    }  # fmt: skip


def test_who_may_not_is_told_every_reason_and_what_to_do(settings: Settings) -> None:
    settings.PRESET, settings.HOST_ROLLOUT = PRESETS["launch"], Rollout("list")
    ana = someone("ana")
    Person.objects.filter(id=ana).update(follower_count=12)
    protect(ana)
    told = Caller(ana).ask("GET accounts/me/hosting").json()
    refused = Caller(ana).ask("POST rooms", TEA)

    assert told["reasons"] == ["protected", "not-in-rollout", "too-few-followers"]
    assert "600 followers" in told["detail"]
    assert "you have 12" in told["detail"]
    assert told["may_host"] is False
    assert said(refused) == (403, "may-not-host")
    assert refused.json()["reasons"] == told["reasons"]
    assert refused.json()["detail"] == told["detail"]


def test_a_protected_account_hosts_no_room_until_it_is_public_again() -> None:
    ana = someone("ana")
    protect(ana)
    refused = Caller(ana).ask("POST rooms", TEA)
    protect(ana, protected=False)

    assert refused.json()["reasons"] == ["protected"]
    assert Caller(ana).ask("POST rooms", TEA).status_code == 201


def test_the_room_of_somebody_who_becomes_protected_goes_on() -> None:
    ana, bo = someone("ana"), someone("bob")
    room = live_room(ana)
    protect(ana)
    see_people()

    assert Caller(bo).ask(f"POST rooms/{acc(room).replace('acc', 'room')}/join").status_code == 200
    assert Caller(bo).ask(f"GET accounts/{acc(ana)}").json()["protected"] is True
    assert Person.objects.get(id=ana).protected is True


def test_a_share_of_all_people_hosts_and_its_bucket_is_recorded(settings: Settings) -> None:
    people = [someone(f"somebody_{n}") for n in range(12)]
    settings.HOST_ROLLOUT = Rollout("percentage", 50)
    answers = {who: Caller(who).ask("POST rooms", TEA) for who in people}

    for who, answer in answers.items():
        assert (answer.status_code == 201) == (bucket_of(who) < 50), bucket_of(who)
        if answer.status_code == 201:
            reason = recorded(answer.json()["id"]).eligibility
            assert (reason.rollout, reason.percentage) == ("percentage", 50)
            assert reason.bucket == bucket_of(who)
        else:
            assert answer.json()["reasons"] == ["not-in-rollout"]


def test_the_test_group_hosts_under_every_share(settings: Settings) -> None:
    ana = someone("ana")
    settings.HOST_ROLLOUT, settings.TEST_GROUP = Rollout("percentage", 0), frozenset({acc(ana)})
    answer = Caller(ana).ask("POST rooms", TEA)

    assert answer.status_code == 201
    assert recorded(answer.json()["id"]).eligibility.test_group is True


def test_an_operator_may_open_beta_to_everyone(settings: Settings) -> None:
    settings.PRESET, settings.HOST_ROLLOUT = PRESETS["beta"], Rollout("everyone")

    assert Caller(someone("ana")).ask("POST rooms", TEA).status_code == 201
