"""The streams of handles and pairs: ids that tell nothing without a key."""

from typing import Final
from uuid import UUID

from accounts.domain.blocking import Blocking
from accounts.domain.following import Following
from accounts.domain.handle import Handle
from spaces_project.kernel.encryption import pseudonym

# The key behind the ids of handles. It lives among the data keys, so that the other secrets can
# be changed without setting every handle free.
HANDLES: Final = UUID("2d2c9ad1-0d0e-5b57-9d3f-7b0a3c9f4e21")


def handle_stream(handle: str) -> Handle:
    """Return a handle before its first event."""
    return Handle(pseudonym(HANDLES, b"handle" + handle.encode()))


def following_stream(follower_id: UUID, followee_id: UUID) -> Following:
    """Return a pair before its first event."""
    stream = pseudonym(follower_id, b"follow" + followee_id.bytes)
    return Following(stream, follower_id=follower_id, followee_id=followee_id)


def blocking_stream(blocker_id: UUID, blocked_id: UUID) -> Blocking:
    """Return a pair before its first event."""
    stream = pseudonym(blocker_id, b"block" + blocked_id.bytes)
    return Blocking(stream, blocker_id=blocker_id, blocked_id=blocked_id)
