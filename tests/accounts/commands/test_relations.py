"""Following and blocking, against the real log."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from accounts import commands
from accounts.domain.errors import AccountNotFound, NotYourself
from accounts.streams import following_stream
from spaces_project.kernel.log.event_log import Receipt, event_log
from tests.accounts.people import at_once, someone, topics

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

TWO_REGISTERED = ["Registered", "HandleClaimed"] * 2


def test_what_is_so_already_is_recorded_no_second_time() -> None:
    ana, bo = someone("ana"), someone("bob")
    for ask in (commands.follow, commands.follow, commands.unfollow, commands.unfollow):
        ask(follower_id=ana, followee_id=bo)
    for turn in (commands.block, commands.block, commands.unblock, commands.unblock):
        turn(blocker_id=ana, blocked_id=bo)

    assert topics()[4:] == [
        "Followed", "Unfollowed", "Blocked", "FollowingClosed", "Unblocked", "FollowingOpened",
    ]  # fmt: skip


def test_blocking_lets_go_of_who_followed() -> None:
    ana, bo = someone("ana"), someone("bob")
    commands.follow(follower_id=bo, followee_id=ana)
    commands.follow(follower_id=ana, followee_id=bo)
    commands.block(blocker_id=ana, blocked_id=bo)

    assert not event_log().fill(following_stream(bo, ana)).follows
    assert event_log().fill(following_stream(ana, bo)).follows
    assert topics()[6:] == ["Blocked", "Unfollowed", "FollowingClosed"]


def test_whoever_is_blocked_finds_nobody_to_follow() -> None:
    ana, bo = someone("ana"), someone("bob")
    commands.block(blocker_id=ana, blocked_id=bo)
    before = topics()
    with pytest.raises(AccountNotFound):
        commands.follow(follower_id=bo, followee_id=ana)

    assert topics() == before


@pytest.mark.parametrize("turn", range(5))
def test_a_follow_at_the_moment_of_a_block_does_not_stay(turn: int) -> None:
    ana, bo = someone(f"ana_{turn}"), someone(f"bob_{turn}")
    follow: Callable[[], Receipt] = lambda: commands.follow(follower_id=bo, followee_id=ana)  # noqa: E731
    block: Callable[[], Receipt] = lambda: commands.block(blocker_id=ana, blocked_id=bo)  # noqa: E731
    answers = at_once([follow, block, follow, block])

    assert all(isinstance(answer, Receipt | AccountNotFound) for answer in answers), answers
    assert not event_log().fill(following_stream(bo, ana)).follows
    assert topics().count("Blocked") == 1


def test_nobody_follows_or_blocks_themselves() -> None:
    ana = someone("ana")
    with pytest.raises(NotYourself):
        commands.follow(follower_id=ana, followee_id=ana)
    with pytest.raises(NotYourself):
        commands.block(blocker_id=ana, blocked_id=ana)

    assert topics() == ["Registered", "HandleClaimed"]


def test_strangers_are_not_found() -> None:
    ana = someone("ana")
    for ask in (commands.follow, commands.unfollow):
        with pytest.raises(AccountNotFound):
            ask(follower_id=ana, followee_id=uuid4())
    for turn in (commands.block, commands.unblock):
        with pytest.raises(AccountNotFound):
            turn(blocker_id=uuid4(), blocked_id=ana)

    assert topics() == ["Registered", "HandleClaimed"]


def test_the_stream_of_a_pair_tells_nothing_without_a_key() -> None:
    ana, bo = someone("ana"), someone("bob")
    stream = following_stream(ana, bo).id

    assert stream == following_stream(ana, bo).id
    assert stream not in (following_stream(bo, ana).id, ana, bo)
    assert stream.version == 8
