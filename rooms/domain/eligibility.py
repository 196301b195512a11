"""Who may host: decided once, when the room is created, and kept with its reasons."""

import msgspec

from rooms.domain.errors import MayNotHost


class Eligibility(msgspec.Struct, frozen=True):
    """Why somebody might host, as it was when the room was created."""

    preset: str
    followers: int
    followers_needed: int
    test_group: bool = False
    test_group_only: bool = False
    protected: bool = False

    def must_suffice(self) -> None:
        """Refuse whoever may not host.

        :raises MayNotHost: with the numbers that decided.
        """
        outside = self.test_group_only and not self.test_group
        if outside or self.protected or self.followers < self.followers_needed:
            raise MayNotHost(
                followers=self.followers,
                followers_needed=self.followers_needed,
                test_group_only=self.test_group_only,
            )
