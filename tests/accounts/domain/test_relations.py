"""Who follows and who blocks whom."""

from contextlib import suppress

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from accounts.domain.blocking import Blocking
from accounts.domain.errors import AccountNotFound, NotYourself
from accounts.domain.following import Following
from spaces_project.kernel.refusals import Refusal
from tests.accounts.people import ANA, BO, NOON, kinds

PAIR = ANA


def following(*, by: object = ANA, of: object = BO) -> Following:
    return Following(PAIR, follower_id=by, followee_id=of)  # type: ignore[arg-type]


def test_following_twice_is_following_once() -> None:
    pair = following()
    pair.follow(NOON)
    pair.follow(NOON)
    pair.unfollow(NOON)
    pair.unfollow(NOON)

    assert kinds(pair) == ["Followed", "Unfollowed"]


def test_nobody_follows_themselves() -> None:
    pair = following(of=ANA)
    with pytest.raises(NotYourself):
        pair.follow(NOON)

    assert kinds(pair) == []


def test_blocking_ends_the_following_and_lets_none_begin() -> None:
    pair = following()
    pair.follow(NOON)
    pair.close(NOON)
    for ask in (pair.follow, pair.unfollow):
        with pytest.raises(AccountNotFound):
            ask(NOON)

    assert kinds(pair) == ["Followed", "Unfollowed", "FollowingClosed"]
    assert [event.by for event in pair.pending_events] == [ANA, BO, BO]


def test_a_lifted_block_lets_one_follow_anew() -> None:
    pair = following()
    pair.follow(NOON)
    pair.close(NOON)
    pair.open(NOON)
    assert not pair.follows
    pair.follow(NOON)

    assert pair.follows


def test_a_pair_is_encrypted_by_the_key_of_who_decided() -> None:
    assert following().key_id == ANA
    assert Blocking(PAIR, blocker_id=BO, blocked_id=ANA).key_id == BO


def test_nobody_blocks_themselves() -> None:
    pair = Blocking(PAIR, blocker_id=ANA, blocked_id=ANA)
    with pytest.raises(NotYourself):
        pair.block(NOON)

    assert kinds(pair) == []


def test_blocking_twice_is_blocking_once() -> None:
    pair = Blocking(PAIR, blocker_id=ANA, blocked_id=BO)
    pair.unblock(NOON)
    pair.block(NOON)
    pair.block(NOON)
    pair.unblock(NOON)

    assert kinds(pair) == ["Blocked", "Unblocked"]


class AnyOrder(RuleBasedStateMachine):
    """Every button of a pair, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.pair = following()

    @rule(ask=st.sampled_from(["follow", "unfollow", "close", "open"]))
    def press(self, ask: str) -> None:
        with suppress(Refusal):
            getattr(self.pair, ask)(NOON)

    @invariant()
    def nobody_follows_who_has_blocked_them(self) -> None:
        assert not (self.pair.follows and self.pair.is_closed)

    @invariant()
    def replaying_gives_the_same_pair(self) -> None:
        replayed = Following(PAIR, follower_id=ANA, followee_id=BO)
        for happened in self.pair.pending_events:
            replayed.apply(happened)
        assert (replayed.follows, replayed.is_closed) == (self.pair.follows, self.pair.is_closed)


TestAnyOrder = AnyOrder.TestCase
