"""Crowded rooms: above so many listeners sockets are told counts, the stage, and whom they follow.

A stranger's coming, going and asking is then only a number: for most viewers many of them become
one small frame, once a second, the same bytes for all.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from rooms.domain.events import HandLowered, HandRaised, Joined, Left
from spaces_project.kernel.entity import DomainEvent

CALM_SHARE: Final = 0.8  # of the size that makes a crowd: below it names are told again
MOST_FOLLOWED: Final = 1000  # people of each viewer, the newest following first
MOST_WATCHED: Final = 250_000  # of all viewers of a room, some 130 bytes each
FOLLOWED_SHOWN: Final = 50
_KEY: Final = (1 << 64) - 1
BY_LISTENERS: Final = (Joined, Left, HandRaised, HandLowered)
ABOUT_HANDS: Final = (HandRaised, HandLowered)


def is_crowd(present: int, size: int, *, was: bool) -> bool:
    """Tell whether a room with so many people is a crowd; it does not flicker at the edge."""
    return present > (size * CALM_SHARE if was else size)


class Watched:
    """Which viewers of one room follow whom; bounded, whoever comes beyond it watches nobody.

    ``here`` counts the sockets of each viewer.
    """

    def __init__(self) -> None:
        # Most people are followed by one viewer at most: a set for each would cost thrice as much.
        self._viewers: dict[int, UUID | set[UUID]] = {}
        self._followed: dict[UUID, list[int]] = {}
        self._pairs = 0
        self.here: Counter[UUID] = Counter()

    def watch(self, viewer_id: UUID, followed: Iterable[UUID]) -> None:
        """Let a viewer hear of the people whom he or she follows."""
        self.forget(viewer_id)
        keys = list({account_id.int & _KEY for account_id in followed})
        keys = keys[: max(0, MOST_WATCHED - self._pairs)]
        for key in keys:
            known = self._viewers.setdefault(key, viewer_id)
            if isinstance(known, set):
                known.add(viewer_id)
            elif known != viewer_id:
                self._viewers[key] = {known, viewer_id}
        self._followed[viewer_id] = keys
        self._pairs += len(keys)

    def forget(self, viewer_id: UUID) -> None:
        """Let go of a viewer."""
        keys = self._followed.pop(viewer_id, [])
        for key in keys:
            known = self._viewers[key]
            if isinstance(known, set):
                known.discard(viewer_id)
            if known in (viewer_id, set()):
                del self._viewers[key]
        self._pairs -= len(keys)

    def knows(self, viewer_id: UUID) -> bool:
        """Tell whether a viewer has said whom he or she follows."""
        return viewer_id in self._followed

    def viewers_of(self, account_id: UUID) -> frozenset[UUID]:
        """Return who here follows somebody."""
        known = self._viewers.get(account_id.int & _KEY, ())
        return frozenset({known} if isinstance(known, UUID) else known)

    def follows(self, viewer_id: UUID, account_id: UUID) -> bool:
        """Tell, on any thread, whether a viewer hears of somebody."""
        known = self._viewers.get(account_id.int & _KEY)
        return viewer_id in known if isinstance(known, set) else known == viewer_id

    def asks_about(self, account_id: UUID) -> bool:
        """Tell, on any thread, whether somebody is here or followed from here."""
        return account_id in self.here or account_id.int & _KEY in self._viewers


@dataclass(frozen=True, slots=True)
class SeenBy(Collection[UUID]):
    """Who sees what a stranger does: himself, who leads, and whoever follows him when it is asked.

    It is asked again when somebody resumes, who may have been away when it happened.
    """

    watched: Watched
    who: UUID
    leaders: frozenset[UUID]

    def __contains__(self, viewer_id: object) -> bool:
        """Tell whether somebody sees it."""
        if not isinstance(viewer_id, UUID):
            return False
        named = viewer_id == self.who or viewer_id in self.leaders
        return named or self.watched.follows(viewer_id, self.who)

    def __iter__(self) -> Iterator[UUID]:
        """Yield those who see it now."""
        return iter({self.who, *self.leaders, *self.watched.viewers_of(self.who)})

    def __len__(self) -> int:
        """Count them."""
        return len(list(iter(self)))


def concerned(happened: DomainEvent) -> UUID | None:
    """Return whose coming, going or asking it is; None if it is something else."""
    return happened.account_id if isinstance(happened, BY_LISTENERS) else None
