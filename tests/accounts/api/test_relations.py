"""Following and blocking over REST."""

import pytest

from spaces_project.kernel.ids import public
from tests.accounts.people import catch_up, client, someone, topics

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

ME = "/api/v1/accounts/me"
KINDS = ["following", "blocked"]


def test_following_is_answered_at_once_and_only_once_recorded() -> None:
    ana, bo = someone("ana"), someone("bob")
    me, path = client(ana), f"{ME}/following/{public('acc', bo)}"
    first, again = me.put(path), me.put(path)

    assert first.json() == {"id": public("acc", bo), "viewer": {"follows": True, "blocks": False}}
    assert (first.status_code, first["Position"]) == (200, "5")
    assert again.json() == first.json()
    assert me.delete(path).json()["viewer"]["follows"] is False
    assert me.delete(path).status_code == 200
    assert topics()[4:] == ["Followed", "Unfollowed"]


def test_blocking_is_answered_at_once_and_ends_a_following() -> None:
    ana, bo = someone("ana"), someone("bob")
    client(bo).put(f"{ME}/following/{public('acc', ana)}")
    me, path = client(ana), f"{ME}/blocked/{public('acc', bo)}"
    response = me.put(path)
    catch_up()

    assert response.json()["viewer"] == {"follows": False, "blocks": True}
    assert me.get(ME).json()["follower_count"] == 0
    assert me.delete(path).json()["viewer"]["blocks"] is False


def test_both_sides_of_a_relation_are_told() -> None:
    ana, bo = someone("ana"), someone("bob")
    me = client(ana)
    me.put(f"{ME}/following/{public('acc', bo)}")
    catch_up()

    assert me.put(f"{ME}/blocked/{public('acc', bo)}").json()["viewer"] == {
        "follows": True,
        "blocks": True,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_oneself_is_refused(kind: str) -> None:
    ana = someone("ana")
    for name in ("me", public("acc", ana)):
        response = client(ana).put(f"{ME}/{kind}/{name}")
        assert (response.status_code, response.json()["code"]) == (422, "not-yourself")

    assert topics() == ["Registered", "HandleClaimed"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["acc_01h455vb4pex5vsknk084sn02q", "acc_1", "room_x", "%00"])
def test_who_is_not_there_is_not_found(kind: str, name: str) -> None:
    me = client(someone("ana"))
    for ask in (me.put, me.delete):
        assert ask(f"{ME}/{kind}/{name}").status_code == 404

    assert topics() == ["Registered", "HandleClaimed"]


def test_who_was_blocked_finds_nobody_to_follow_or_leave() -> None:
    ana, bo = someone("ana"), someone("bob")
    client(ana).put(f"{ME}/blocked/{public('acc', bo)}")
    other, path = client(bo), f"{ME}/following/{public('acc', ana)}"

    assert other.put(path).json()["code"] == "account-not-found"
    assert other.delete(path).json()["code"] == "account-not-found"


def test_a_retry_is_answered_as_the_first_time() -> None:
    ana, bo = someone("ana"), someone("bob")
    me, path = client(ana), f"{ME}/following/{public('acc', bo)}"
    first = me.put(path, headers={"Idempotency-Key": "k"})
    me.delete(path)
    again = me.put(path, headers={"Idempotency-Key": "k"})

    assert again["Idempotent-Replayed"] == "true"
    assert (again.json(), again["Position"]) == (first.json(), first["Position"])
    assert topics()[4:] == ["Followed", "Unfollowed"]


def test_strangers_may_not() -> None:
    bo = someone("bob")
    for kind in KINDS:
        assert client().put(f"{ME}/{kind}/{public('acc', bo)}").status_code == 401


@pytest.mark.parametrize("kind", KINDS)
def test_whom_one_follows_or_blocked_is_listed_in_pages(kind: str) -> None:
    ana = someone("ana")
    others = [someone(f"somebody_{n}", f"Person {n}") for n in range(3)]
    me = client(ana)
    for other in others:
        me.put(f"{ME}/{kind}/{public('acc', other)}")
    me.delete(f"{ME}/{kind}/{public('acc', others[0])}")
    catch_up()
    first = me.get(f"{ME}/{kind}?limit=1").json()
    second = me.get(first["next"].split("8000")[1]).json()

    shown = [*first["results"], *second["results"]]
    assert [person["account_id"] for person in shown] == [
        public("acc", others[2]), public("acc", others[1]),
    ]  # fmt: skip
    assert shown[0] == {
        "account_id": public("acc", others[2]), "name": "Person 2", "handle": "somebody_2",
    }  # fmt: skip
    assert (second["next"], first["previous"]) == (None, None)
    assert client(others[1]).get(f"{ME}/{kind}").json()["results"] == []
