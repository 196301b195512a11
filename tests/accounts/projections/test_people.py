"""The read model of people: right counts, the same rows after a rebuild, no bio in plain."""

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import pytest

from accounts import commands, queries
from accounts.models import Person
from accounts.projections.people import People
from accounts.sealing import open_bio
from spaces_project.kernel.database import rows as read
from spaces_project.kernel.entity import event_classes
from spaces_project.kernel.following.rebuild import rebuild
from spaces_project.kernel.keys.store import key_store
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.refusals import Refusal
from tests.accounts.people import catch_up, rows, someone

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]


def some_history(seed: int, people: int = 6, steps: int = 150) -> list[UUID]:
    """Let a few people do everything to each other, in any order."""
    dice = random.Random(seed)
    ids = [someone(f"somebody_{n}", f"Person {n}") for n in range(people)]
    relations: list[tuple[Callable[..., object], str, str]] = [
        (commands.follow, "follower_id", "followee_id"),
        (commands.follow, "follower_id", "followee_id"),
        (commands.unfollow, "follower_id", "followee_id"),
        (commands.block, "blocker_id", "blocked_id"),
        (commands.unblock, "blocker_id", "blocked_id"),
    ]
    for step in range(steps):
        ask, one, other = dice.choice(relations)
        with suppress(Refusal):
            ask(**{one: dice.choice(ids), other: dice.choice(ids)})
        if step % 10 == 0:
            commands.change_profile(account_id=dice.choice(ids), bio=f"heliotrope {step}")
    return ids


def test_a_rebuild_gives_the_same_rows_to_the_byte() -> None:
    some_history(seed=1)
    catch_up()
    kept = rows()
    reached = rebuild(People())

    assert rows() == kept
    assert reached == event_log().head()
    assert all(kept.values())


def test_the_counts_are_the_rows() -> None:
    ids = some_history(seed=2)
    catch_up()

    for account_id in ids:
        others = [other for other in ids if other != account_id]
        followers = sum(queries.follows(other, account_id) for other in others)
        following = sum(queries.follows(account_id, other) for other in others)
        standing = queries.standing(account_id, viewer_id=account_id)
        assert (standing.follower_count, standing.following_count) == (followers, following)
        assert queries.follower_count(account_id) == followers


def test_events_applied_again_change_nothing() -> None:
    ana, bo, cy = someone("ana"), someone("bob"), someone("cyd")
    commands.follow(follower_id=ana, followee_id=bo)
    commands.follow(follower_id=cy, followee_id=bo)
    commands.unfollow(follower_id=cy, followee_id=bo)
    commands.block(blocker_id=bo, blocked_id=cy)
    catch_up()
    kept = rows()
    last_of_each_kind = {type(r.event): r for r in event_log().read(0)}.values()
    for recorded in last_of_each_kind:
        if isinstance(recorded.event, People.listen_to):
            People().apply(recorded)

    assert rows() == kept


def test_planted_words_of_a_bio_stand_in_no_row() -> None:
    ana = someone("ana")
    commands.change_profile(account_id=ana, bio="quagmire xylophone")
    catch_up()
    text = str(rows())

    for word in ("quagmire", "xylophone"):
        assert word not in text
        assert word.encode().hex() not in text
    assert open_bio(bytes(Person.objects.get().sealed_bio), ana) == "quagmire xylophone"


def test_after_a_purge_the_rest_is_rebuilt() -> None:
    ids = some_history(seed=3)
    gone = ids[0]
    commands.change_profile(account_id=gone, bio="quagmire")
    catch_up()
    sealed = bytes(Person.objects.get(id=gone).sealed_bio)
    key_store().destroy(gone)
    rebuild(People())

    assert queries.person(gone) is None
    assert set(queries.people(ids)) == set(ids[1:])
    assert open_bio(sealed, gone) == ""
    with pytest.raises(Refusal):
        commands.follow(follower_id=ids[1], followee_id=uuid4())


def test_who_is_named_how() -> None:
    ana, bo = someone("ana", "Ana"), someone("bob", "Bo")
    catch_up()

    assert queries.people([ana, bo, ana, uuid4()]) == {
        ana: queries.Person(ana, "ana", "Ana"),
        bo: queries.Person(bo, "bob", "Bo"),
    }
    assert queries.person_by_handle("ANA") == queries.person(ana)
    assert queries.person_by_handle("nobody") is None
    assert queries.follower_count(uuid4()) == 0


def test_people_are_named_in_one_query(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [someone(f"somebody_{n}") for n in range(5)]
    catch_up()
    asked: list[object] = []

    def counted(*words: Any) -> list[tuple[Any, ...]]:
        asked.append(words)
        return read(*words)

    monkeypatch.setattr(queries, "rows", counted)

    assert len(queries.people(ids)) == 5
    assert queries.people([]) == {}
    assert len(asked) == 1


def test_blocks_are_told_both_ways() -> None:
    ana, bo, cy = someone("ana"), someone("bob"), someone("cyd")
    commands.block(blocker_id=ana, blocked_id=bo)
    commands.block(blocker_id=cy, blocked_id=ana)
    catch_up()

    assert list(queries.blockers_of(ana)) == [cy]
    assert queries.has_blocked(ana, bo)
    assert not queries.has_blocked(bo, ana)


def test_every_event_that_others_may_hear_has_a_stored_name() -> None:
    from accounts import events  # noqa: PLC0415 - the claim is about this module

    for name in events.__all__:
        assert event_classes()[f"accounts.{name}"] is getattr(events, name)
