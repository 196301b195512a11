"""A person known to the system."""

from datetime import datetime

from accounts.domain.errors import NamedAlready
from accounts.domain.profile import GUEST, bio_of, guest_handle, handle_of, name_of
from spaces_project.kernel.entity import DomainEvent, Entity, when
from spaces_project.kernel.log.mapper import Purged
from spaces_project.kernel.refusals import NameNeeded


class Account(Entity):
    """One person, from registration on; or a guest, who listens before having a name.

    * the handle never changes, once it is chosen;
    * a guest chooses a name once, and changes nothing before;
    * a change that changes nothing is not recorded.
    """

    TOPIC = "accounts.Account"

    class Registered(DomainEvent, frozen=True):
        """Somebody joined, under a handle that nobody else has."""

        TOPIC = "accounts.Registered"
        handle: str
        name: str

    class GuestRegistered(DomainEvent, frozen=True):
        """Somebody came to listen, without a name or handle of their own."""

        TOPIC = "accounts.GuestRegistered"

    class NameChosen(DomainEvent, frozen=True):
        """A guest took a handle that nobody else has, and a name: a person like all others."""

        TOPIC = "accounts.NameChosen"
        handle: str
        name: str

    class ProfileChanged(DomainEvent, frozen=True):
        """A person changed how others see them."""

        TOPIC = "accounts.ProfileChanged"
        name: str
        bio: str

    class Protected(DomainEvent, frozen=True):
        """A person withdrew from the public: who is protected opens no rooms."""

        TOPIC = "accounts.Protected"

    class Unprotected(DomainEvent, frozen=True):
        """A person is public again."""

        TOPIC = "accounts.Unprotected"

    handle = ""
    name = ""
    bio = ""
    is_guest = False
    is_protected = False
    is_forgotten = False

    def register(self, handle: str, name: str, at: datetime) -> None:
        """Join under a handle and a name."""
        handle, name = handle_of(handle), name_of(name)
        self.record(self.Registered, at=at, by=self.id, handle=handle, name=name)

    def register_guest(self, at: datetime) -> None:
        """Come to listen, without a name."""
        self.record(self.GuestRegistered, at=at, by=self.id)

    def choose_name(self, handle: str, name: str, at: datetime) -> None:
        """Be a guest no more, under a handle and a name."""
        if not self.is_guest:
            raise NamedAlready
        handle, name = handle_of(handle), name_of(name)
        self.record(self.NameChosen, at=at, by=self.id, handle=handle, name=name)

    def must_have_name(self) -> None:
        """Refuse a guest what only somebody with a name may do.

        :raises NameNeeded: which says how to choose one.
        """
        if self.is_guest:
            raise NameNeeded

    def change_profile(self, name: str | None, bio: str | None, at: datetime) -> None:
        """Change the name, the bio or both; None leaves one as it is."""
        self.must_have_name()
        name = self.name if name is None else name_of(name)
        bio = self.bio if bio is None else bio_of(bio)
        if (name, bio) != (self.name, self.bio):
            self.record(self.ProfileChanged, at=at, by=self.id, name=name, bio=bio)

    def protect(self, at: datetime) -> None:
        """Withdraw from the public; nothing happens if it is so already."""
        self.must_have_name()
        if not self.is_protected:
            self.record(self.Protected, at=at, by=self.id)

    def unprotect(self, at: datetime) -> None:
        """Be public again; nothing happens if it is so already."""
        if self.is_protected:
            self.record(self.Unprotected, at=at, by=self.id)

    # No rules below this line, only consequences: they run again on every replay.

    @when(Registered)
    def _registered(self, happened: Registered) -> None:
        self.handle = happened.handle
        self.name = happened.name

    @when(GuestRegistered)
    def _guest_registered(self, happened: GuestRegistered) -> None:
        self.handle = guest_handle(happened.originator_id)
        self.name = GUEST
        self.is_guest = True

    @when(NameChosen)
    def _name_chosen(self, happened: NameChosen) -> None:
        self.handle = happened.handle
        self.name = happened.name
        self.is_guest = False

    @when(ProfileChanged)
    def _profile_changed(self, happened: ProfileChanged) -> None:
        self.name = happened.name
        self.bio = happened.bio

    @when(Protected)
    def _protected(self, happened: Protected) -> None:
        del happened
        self.is_protected = True

    @when(Unprotected)
    def _unprotected(self, happened: Unprotected) -> None:
        del happened
        self.is_protected = False

    @when(Purged)
    def _forgotten(self, happened: Purged) -> None:
        del happened
        self.is_forgotten = True
        self.handle = self.name = self.bio = ""
