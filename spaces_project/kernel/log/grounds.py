"""What a decision stands on: the streams that one attempt at a command has loaded.

Inside a command an entity may come from the cache, and so be older than the log. That is safe
because nothing is answered on an old state: what is appended is stored only if every stream that
was loaded is still where it was, and what appends nothing (a refusal, or no change) is decided
again on what the log says now.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID


class DecidedOnCache(Exception):
    """Nothing is to be appended, and the log was not asked: decide again on what it says."""


class Grounds:
    """What one attempt has loaded.

    :param fresh: ask the log for everything, also for what is cached.
    """

    __slots__ = ("fresh", "loaded", "trusts_cache")

    def __init__(self, *, fresh: bool) -> None:
        self.fresh = fresh
        self.trusts_cache = False  # something was taken from the cache unasked
        self.loaded: list[tuple[UUID, int]] = []

    def add(self, stream: UUID, version: int, *, asked: bool) -> None:
        """Remember at which version a stream was loaded, and whether the log was asked."""
        self.loaded.append((stream, version))
        self.trusts_cache |= not asked

    def unchanged_beside(self, changed: Mapping[UUID, int]) -> tuple[tuple[UUID, int], ...]:
        """Return the streams, with their versions, that must not have gone on meanwhile.

        :param changed: the streams that are appended to, and the version that each had before:
            the log refuses these by itself if they have gone on.
        """
        return tuple({each for each in self.loaded if changed.get(each[0]) != each[1]})


_current: ContextVar[Grounds | None] = ContextVar("grounds", default=None)


def current_grounds() -> Grounds | None:
    """Return what the attempt has loaded so far; None outside of a command."""
    return _current.get()


@contextmanager
def standing_on(grounds: Grounds) -> Iterator[None]:
    """Remember inside the block what is loaded."""
    token = _current.set(grounds)
    try:
        yield
    finally:
        _current.reset(token)
