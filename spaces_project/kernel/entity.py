"""Domain events and the entities that they make: decide, then change.

An entity is rebuilt from its events. A decision checks the rules and records an event; the
event's consequence changes the state, now and on every replay, so that no rule may stand in it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, ClassVar, Final, Self, TypeVar
from uuid import UUID

import msgspec

from spaces_project.kernel.refusals import Forgotten

NIL = UUID(int=0)
CONTAINERS: Final = frozenset({dict, list, set})


class DomainEvent(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something that happened, kept.

    ``at`` is when, ``by`` the account that did it (None: the system). A subclass has a ``TOPIC``:
    the stored name, written by hand and never changed once shipped. An event that needs an open
    room is never stored behind one that closes it, not even in a race.
    """

    TOPIC: ClassVar[str] = ""
    NEEDS_OPEN_ROOM: ClassVar[bool] = False
    CLOSES_ROOM: ClassVar[bool] = False

    originator_id: UUID = NIL
    originator_version: int = 0
    at: datetime
    by: UUID | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if topic := cls.__dict__.get("TOPIC"):
            if topic in _event_classes and not _same_class(_event_classes[topic], cls):
                raise TypeError(f"two event classes claim the topic {topic}")
            _event_classes[topic] = cls


_event_classes: dict[str, type[DomainEvent]] = {}


def _same_class(one: type, other: type) -> bool:
    return (one.__module__, one.__qualname__) == (other.__module__, other.__qualname__)


def event_classes() -> dict[str, type[DomainEvent]]:
    """Return the catalogue: every stored topic and its class. Nothing else is ever loaded."""
    return dict(_event_classes)


def event_class(topic: str) -> type[DomainEvent] | None:
    """Return the class of a stored topic, or None if the topic is not in the catalogue."""
    return _event_classes.get(topic)


EventT = TypeVar("EventT", bound=DomainEvent)
Consequence = Callable[[Any, Any], None]
_MARK = "__consequence_of__"


def when(
    event_type: type[EventT],
) -> Callable[[Callable[[Any, EventT], None]], Callable[[Any, EventT], None]]:
    """Mark a method as the consequence of an event type."""

    def mark(method: Callable[[Any, EventT], None]) -> Callable[[Any, EventT], None]:
        setattr(method, _MARK, event_type)
        return method

    return mark


class Entity:
    """Something with an identity, whose state is the sum of its events.

    ``room_id`` tells in which room's sequence its events are counted (None: in none), ``key_id``
    which key encrypts them.
    """

    TOPIC: ClassVar[str]
    consequences: ClassVar[dict[type[DomainEvent], Consequence]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = {getattr(m, _MARK): m for m in vars(cls).values() if hasattr(m, _MARK)}
        inherited: dict[type[DomainEvent], Consequence] = {}
        for base in reversed(cls.__mro__[1:]):  # an entity may be told in several parts
            inherited |= vars(base).get("consequences", {})
        cls.consequences = inherited | own

    def __init__(self, entity_id: UUID) -> None:
        self.id = entity_id
        self.version = 0
        self.pending_events: list[DomainEvent] = []

    @property
    def room_id(self) -> UUID | None:
        """The room in whose sequence the events are counted."""
        return None

    @property
    def key_id(self) -> UUID:
        """The data key that encrypts the events."""
        return self.id

    def record(self, event_type: type[DomainEvent], /, **facts: Any) -> None:
        """Make the event, keep it for the log, and change the state by it."""
        happened = event_type(originator_id=self.id, originator_version=self.version + 1, **facts)
        self.apply(happened)
        self.pending_events.append(happened)

    def apply(self, happened: DomainEvent) -> None:
        """Change the state by an event, new or from the log.

        :raises ValueError: if the event is not the next one of this entity.
        :raises Forgotten: if its payload is gone, and the entity does not say what that means.
        """
        if happened.originator_version != self.version + 1:
            raise ValueError(
                f"{type(self).__name__} {self.id} is at version {self.version}, "
                f"the event has {happened.originator_version}"
            )
        consequence = self.consequences.get(type(happened))
        if consequence is None:  # a marker stands where the payload was
            raise Forgotten
        consequence(self, happened)
        self.version = happened.originator_version

    def copy(self) -> Self:
        """Return an equal entity that shares no changeable state with this one.

        One level of containers is copied: what an entity keeps in its lists, sets and dicts is
        never changed in place, only replaced.
        """
        twin = object.__new__(type(self))
        state = vars(twin)
        for name, value in vars(self).items():
            state[name] = value.copy() if type(value) in CONTAINERS else value
        return twin

    def collect_events(self) -> list[DomainEvent]:
        """Hand over the events that were recorded since the last call."""
        collected, self.pending_events = self.pending_events, []
        return collected

    @classmethod
    def replay(cls, entity_id: UUID, history: Iterable[DomainEvent]) -> Self:
        """Return the entity that a history makes; without events, the one before its first."""
        entity = cls(entity_id)
        for happened in history:
            entity.apply(happened)
        return entity
