"""Who may host: decided once, when the room is created, and kept with its reasons."""

from typing import Final

import msgspec

from rooms.domain.errors import MayNotHost
from rooms.domain.rollout import EVERYONE, LIST, Rollout

TOLD: Final = {
    "protected": "A protected account hosts no rooms: make it public first.",
    "not-in-rollout": "Hosting is not open to you yet: ask for a place in the test group, or wait.",
    "too-few-followers": "It takes {followers_needed} followers to host, and you have {followers}.",
}


class Eligibility(msgspec.Struct, frozen=True):
    """Why somebody might host, as it was when the room was created.

    :param test_group: whether the person is on the list of the test group.
    :param test_group_only: whether only the list counted (rollout ``list``).
    :param rollout: how far hosting was let out: ``list``, ``percentage`` or ``everyone``; empty in
        events that are older than this member.
    :param percentage: of all people, with the rollout ``percentage``.
    :param bucket: which hundredth of all people the person belongs to, 0 to 99.
    """

    preset: str
    followers: int
    followers_needed: int
    test_group: bool = False
    test_group_only: bool = False
    protected: bool = False
    rollout: str = ""
    percentage: int | None = None
    bucket: int | None = None

    @property
    def reasons(self) -> list[str]:
        """Why not, in the order in which they can be mended; empty for who may host."""
        found = ["protected"] if self.protected else []
        found += [] if self._is_let_in else ["not-in-rollout"]
        found += ["too-few-followers"] if self.followers < self.followers_needed else []
        return found

    @property
    def _is_let_in(self) -> bool:
        kind = self.rollout or (LIST if self.test_group_only else EVERYONE)
        bucket = 0 if self.bucket is None else self.bucket
        return Rollout(kind, self.percentage).lets(bucket, listed=self.test_group)

    def must_suffice(self) -> None:
        """Refuse whoever may not host.

        :raises MayNotHost: with each reason, and the numbers that decided.
        """
        if self.reasons:
            raise MayNotHost(self.in_words(), **self.numbers())

    def in_words(self) -> str:
        """Return the reasons as sentences that say what to do; empty for who may host."""
        numbers = {"followers": self.followers, "followers_needed": self.followers_needed}
        return " ".join(TOLD[reason].format(**numbers) for reason in self.reasons)

    def numbers(self) -> dict[str, object]:
        """Return what decided, as the refusal and ``accounts/me/hosting`` tell it."""
        return {
            "reasons": self.reasons,
            "followers": self.followers,
            "followers_needed": self.followers_needed,
            "protected": self.protected,
            "test_group": self.test_group,
            "test_group_only": self.test_group_only,
            "rollout": self.rollout,
            "percentage": self.percentage,
        }
