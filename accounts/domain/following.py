"""Who follows whom: a stream per pair, so that a popular account never contends."""

from datetime import datetime
from uuid import UUID

from accounts.domain.errors import AccountNotFound, NotYourself
from spaces_project.kernel.entity import NIL, DomainEvent, Entity, when
from spaces_project.kernel.log.mapper import Purged


class Following(Entity):
    """What one person, the follower, is to another, the followee.

    * nobody follows themselves;
    * nobody follows who has blocked them: blocking closes this way in the same transaction, and
      somebody who follows at that very moment decides again and finds it closed.
    """

    TOPIC = "accounts.Following"

    class Followed(DomainEvent, frozen=True):
        """Somebody began to follow somebody."""

        TOPIC = "accounts.Followed"
        follower_id: UUID
        followee_id: UUID

    class Unfollowed(DomainEvent, frozen=True):
        """Somebody follows somebody no longer, by their own wish or because they were blocked."""

        TOPIC = "accounts.Unfollowed"
        follower_id: UUID
        followee_id: UUID

    class Closed(DomainEvent, frozen=True):
        """The followee blocked the follower, who cannot follow from here on."""

        TOPIC = "accounts.FollowingClosed"
        follower_id: UUID
        followee_id: UUID

    class Opened(DomainEvent, frozen=True):
        """The followee let the follower follow again."""

        TOPIC = "accounts.FollowingOpened"
        follower_id: UUID
        followee_id: UUID

    def __init__(
        self, entity_id: UUID, *, follower_id: UUID = NIL, followee_id: UUID = NIL
    ) -> None:
        super().__init__(entity_id)
        self.follower_id = follower_id
        self.followee_id = followee_id
        self.follows = False
        self.is_closed = False

    @property
    def key_id(self) -> UUID:
        """The follower's key: whom one follows is forgotten with oneself."""
        return self.follower_id

    def follow(self, at: datetime) -> None:
        """Begin to follow; nothing happens if it is so already."""
        if self.follower_id == self.followee_id:
            raise NotYourself
        if self.is_closed:
            raise AccountNotFound  # whoever is blocked is not told so
        if not self.follows:
            self._record(self.Followed, at, by=self.follower_id)

    def unfollow(self, at: datetime) -> None:
        """Follow no longer; nothing happens if it is so already."""
        if self.is_closed:
            raise AccountNotFound
        if self.follows:
            self._record(self.Unfollowed, at, by=self.follower_id)

    def close(self, at: datetime) -> None:
        """End the following and let none begin, because the followee blocked the follower."""
        if self.follows:
            self._record(self.Unfollowed, at, by=self.followee_id)
        if not self.is_closed:
            self._record(self.Closed, at, by=self.followee_id)

    def open(self, at: datetime) -> None:
        """Let a following begin again; it does not come back by itself."""
        if self.is_closed:
            self._record(self.Opened, at, by=self.followee_id)

    def _record(self, event_type: type[DomainEvent], at: datetime, by: UUID) -> None:
        pair = {"follower_id": self.follower_id, "followee_id": self.followee_id}
        self.record(event_type, at=at, by=by, **pair)

    # No rules below this line, only consequences.

    @when(Followed)
    def _followed(self, happened: Followed) -> None:
        del happened
        self.follows = True

    @when(Unfollowed)
    def _unfollowed(self, happened: Unfollowed) -> None:
        del happened
        self.follows = False

    @when(Closed)
    def _closed(self, happened: Closed) -> None:
        del happened
        self.is_closed = True

    @when(Opened)
    def _opened(self, happened: Opened) -> None:
        del happened
        self.is_closed = False

    @when(Purged)
    def _forgotten(self, happened: Purged) -> None:
        del happened
