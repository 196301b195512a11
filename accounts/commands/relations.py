"""What may be asked between two accounts. What is so already is recorded no second time."""

from uuid import UUID

from accounts.commands.people import existing_account
from accounts.streams import blocking_stream, following_stream
from spaces_project.kernel.clock import now
from spaces_project.kernel.commands import command
from spaces_project.kernel.log.event_log import Receipt, event_log


@command
def follow(*, follower_id: UUID, followee_id: UUID) -> Receipt:
    """Begin to follow somebody."""
    _both_exist(follower_id, followee_id)
    following = event_log().fill(following_stream(follower_id, followee_id))
    following.follow(at=now())
    return event_log().append(following)


@command
def unfollow(*, follower_id: UUID, followee_id: UUID) -> Receipt:
    """Follow somebody no longer."""
    _both_exist(follower_id, followee_id)
    following = event_log().fill(following_stream(follower_id, followee_id))
    following.unfollow(at=now())
    return event_log().append(following)


@command
def block(*, blocker_id: UUID, blocked_id: UUID) -> Receipt:
    """Block somebody, who from then on does not follow the blocker and cannot."""
    _both_exist(blocker_id, blocked_id)
    blocking = event_log().fill(blocking_stream(blocker_id, blocked_id))
    blocking.block(at=now())
    following = event_log().fill(following_stream(blocked_id, blocker_id))
    following.close(at=now())
    return event_log().append(blocking, following)


@command
def unblock(*, blocker_id: UUID, blocked_id: UUID) -> Receipt:
    """Lift a block; a following that it ended does not come back by itself."""
    _both_exist(blocker_id, blocked_id)
    blocking = event_log().fill(blocking_stream(blocker_id, blocked_id))
    blocking.unblock(at=now())
    following = event_log().fill(following_stream(blocked_id, blocker_id))
    following.open(at=now())
    return event_log().append(blocking, following)


def _both_exist(one: UUID, other: UUID) -> None:
    # First of all: the id of a pair makes a data key, and strangers get none.
    existing_account(one).must_have_name()
    existing_account(other)
