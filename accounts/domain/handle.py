"""A handle and whose it is: a stream of its own, so that two people cannot get the same one."""

from datetime import datetime
from uuid import UUID

from accounts.domain.errors import HandleTaken
from spaces_project.kernel.entity import NIL, DomainEvent, Entity, when
from spaces_project.kernel.log.mapper import Purged


class Handle(Entity):
    """One handle; once claimed it is never free again, so that nobody inherits a reputation.

    Two people who claim it at the same moment write the same version of the same stream; the log
    lets one of them through, and the other finds it taken.
    """

    TOPIC = "accounts.Handle"

    class Claimed(DomainEvent, frozen=True):
        """An account took the handle."""

        TOPIC = "accounts.HandleClaimed"
        account_id: UUID

    account_id = NIL

    @property
    def key_id(self) -> UUID:
        """The owner's key: when it is destroyed, nobody can tell whose the handle was."""
        return self.account_id

    def claim(self, account_id: UUID, at: datetime) -> None:
        """Take the handle for an account."""
        if self.version:
            raise HandleTaken(errors=[{"pointer": "/handle", "detail": HandleTaken.title}])
        self.record(self.Claimed, at=at, by=account_id, account_id=account_id)

    # No rules below this line, only consequences.

    @when(Claimed)
    def _claimed(self, happened: Claimed) -> None:
        self.account_id = happened.account_id

    @when(Purged)
    def _forgotten(self, happened: Purged) -> None:
        del happened
