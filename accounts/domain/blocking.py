"""Who has blocked whom: a stream per pair."""

from datetime import datetime
from uuid import UUID

from accounts.domain.errors import NotYourself
from spaces_project.kernel.entity import NIL, DomainEvent, Entity, when
from spaces_project.kernel.log.mapper import Purged


class Blocking(Entity):
    """Whether one person, the blocker, wants nothing to do with another, the blocked.

    * nobody blocks themselves;
    * only the blocker lifts it.
    """

    TOPIC = "accounts.Blocking"

    class Blocked(DomainEvent, frozen=True):
        """Somebody blocked somebody."""

        TOPIC = "accounts.Blocked"
        blocker_id: UUID
        blocked_id: UUID

    class Unblocked(DomainEvent, frozen=True):
        """Somebody lifted a block."""

        TOPIC = "accounts.Unblocked"
        blocker_id: UUID
        blocked_id: UUID

    def __init__(self, entity_id: UUID, *, blocker_id: UUID = NIL, blocked_id: UUID = NIL) -> None:
        super().__init__(entity_id)
        self.blocker_id = blocker_id
        self.blocked_id = blocked_id
        self.blocks = False

    @property
    def key_id(self) -> UUID:
        """The blocker's key: whom one blocked is forgotten with oneself."""
        return self.blocker_id

    def block(self, at: datetime) -> None:
        """Block; nothing happens if it is so already."""
        if self.blocker_id == self.blocked_id:
            raise NotYourself
        if not self.blocks:
            self._record(self.Blocked, at)

    def unblock(self, at: datetime) -> None:
        """Lift the block; nothing happens if there is none."""
        if self.blocks:
            self._record(self.Unblocked, at)

    def _record(self, event_type: type[DomainEvent], at: datetime) -> None:
        pair = {"blocker_id": self.blocker_id, "blocked_id": self.blocked_id}
        self.record(event_type, at=at, by=self.blocker_id, **pair)

    # No rules below this line, only consequences.

    @when(Blocked)
    def _blocked(self, happened: Blocked) -> None:
        del happened
        self.blocks = True

    @when(Unblocked)
    def _unblocked(self, happened: Unblocked) -> None:
        del happened
        self.blocks = False

    @when(Purged)
    def _forgotten(self, happened: Purged) -> None:
        del happened
