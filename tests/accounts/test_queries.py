"""Questions that the log answers where the tables may not know yet."""

from uuid import UUID

import pytest

from accounts import commands, queries
from tests.accounts.people import catch_up, someone

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

NOBODY = UUID(int=7)


def test_a_following_counts_at_once_though_no_table_knows_it() -> None:
    ana, bo = someone("ana"), someone("bob")
    catch_up()
    commands.follow(follower_id=bo, followee_id=ana)
    assert (queries.follows_now(bo, ana), queries.follows(bo, ana)) == (True, False)
    assert not queries.follows_now(ana, bo)
    catch_up()
    commands.unfollow(follower_id=bo, followee_id=ana)

    assert (queries.follows_now(bo, ana), queries.follows(bo, ana)) == (False, True)


def test_a_block_counts_at_once_and_ends_the_following_it_meets() -> None:
    ana, bo = someone("ana"), someone("bob")
    commands.follow(follower_id=bo, followee_id=ana)
    catch_up()
    commands.block(blocker_id=ana, blocked_id=bo)

    assert (queries.has_blocked_now(ana, bo), queries.has_blocked(ana, bo)) == (True, False)
    assert not queries.has_blocked_now(bo, ana)
    assert not queries.follows_now(bo, ana)
    catch_up()
    commands.unblock(blocker_id=ana, blocked_id=bo)

    assert (queries.has_blocked_now(ana, bo), queries.has_blocked(ana, bo)) == (False, True)


def test_a_newcomer_is_named_from_the_log_until_the_tables_know() -> None:
    ana = someone("ana", "Ana")
    catch_up()
    bo = someone("bob", "Bo")

    assert queries.people([ana, bo]).keys() == {ana}
    assert queries.people_now([ana, bo]) == {
        ana: queries.Person(ana, "ana", "Ana"), bo: queries.Person(bo, "bob", "Bo"),
    }  # fmt: skip
    catch_up()
    assert queries.people_now([ana, bo]) == queries.people([ana, bo])


def test_who_does_not_exist_has_no_name() -> None:
    ana = someone("ana", "Ana")

    assert queries.people_now([NOBODY, ana]).keys() == {ana}
    assert queries.people_now([]) == {}
