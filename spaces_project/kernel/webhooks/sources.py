"""What the apps give: which events are told, in what words, and who may hear a room."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.log.event_log import Recorded


@dataclass(frozen=True, slots=True)
class Source:
    """The table of one app.

    ``types`` says what its events are called; ``data`` returns the words of several of them at
    once, as they may be told to the owner of their room; ``owners`` says, for the events from which
    on somebody may hear a room, who that is. Nobody else but who hears all rooms hears it.
    """

    types: Mapping[type[DomainEvent], str]
    data: Callable[[Sequence[Recorded]], list[dict[str, Any]]]
    owners: Mapping[type[DomainEvent], Callable[[Any], UUID]]


@dataclass(frozen=True, slots=True)
class Told:
    """All tables together."""

    types: Mapping[type[DomainEvent], str]
    sources: Mapping[type[DomainEvent], Source]
    owners: Mapping[type[DomainEvent], Callable[[Any], UUID]]

    @property
    def names(self) -> list[str]:
        """Every public type, in alphabetical order."""
        return sorted(set(self.types.values()))


def together(sources: Sequence[Source]) -> Told:
    """Return one table of all apps' tables."""
    types: dict[type[DomainEvent], str] = {}
    by_type: dict[type[DomainEvent], Source] = {}
    owners: dict[type[DomainEvent], Callable[[Any], UUID]] = {}
    for source in sources:
        types |= source.types
        by_type |= dict.fromkeys(source.types, source)
        owners |= source.owners
    return Told(types, by_type, owners)


@cache
def told() -> Told:
    """Return what the apps tell, as the wiring lists them."""
    sources: Any = import_string(settings.WEBHOOK_SOURCES)()
    return together(cast(Sequence[Source], sources))
