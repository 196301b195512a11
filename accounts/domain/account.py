"""A person known to the system."""

from datetime import datetime

from accounts.domain.profile import bio_of, handle_of, name_of
from spaces_project.kernel.entity import DomainEvent, Entity, when
from spaces_project.kernel.log.mapper import Purged


class Account(Entity):
    """One person, from registration on.

    * the handle never changes;
    * a change that changes nothing is not recorded.
    """

    TOPIC = "accounts.Account"

    class Registered(DomainEvent, frozen=True):
        """Somebody joined, under a handle that nobody else has."""

        TOPIC = "accounts.Registered"
        handle: str
        name: str

    class ProfileChanged(DomainEvent, frozen=True):
        """A person changed how others see them."""

        TOPIC = "accounts.ProfileChanged"
        name: str
        bio: str

    handle = ""
    name = ""
    bio = ""
    is_forgotten = False

    def register(self, handle: str, name: str, at: datetime) -> None:
        """Join under a handle and a name."""
        handle, name = handle_of(handle), name_of(name)
        self.record(self.Registered, at=at, by=self.id, handle=handle, name=name)

    def change_profile(self, name: str | None, bio: str | None, at: datetime) -> None:
        """Change the name, the bio or both; None leaves one as it is."""
        name = self.name if name is None else name_of(name)
        bio = self.bio if bio is None else bio_of(bio)
        if (name, bio) != (self.name, self.bio):
            self.record(self.ProfileChanged, at=at, by=self.id, name=name, bio=bio)

    # No rules below this line, only consequences: they run again on every replay.

    @when(Registered)
    def _registered(self, happened: Registered) -> None:
        self.handle = happened.handle
        self.name = happened.name

    @when(ProfileChanged)
    def _profile_changed(self, happened: ProfileChanged) -> None:
        self.name = happened.name
        self.bio = happened.bio

    @when(Purged)
    def _forgotten(self, happened: Purged) -> None:
        del happened
        self.is_forgotten = True
        self.handle = self.name = self.bio = ""
