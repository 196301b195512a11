"""Read models: disposable tables that a projection keeps."""

from abc import ABC, abstractmethod
from typing import ClassVar

from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.log.event_log import Recorded


class ReadModel(ABC):
    """Events in, rows out.

    ``name`` names its position, ``tables`` are the tables that it alone writes, ``listen_to`` the
    events that it reads. ``apply`` runs inside the transaction that also moves the position, so
    that its effect happens exactly once.
    """

    name: ClassVar[str]
    tables: ClassVar[tuple[str, ...]]
    listen_to: ClassVar[tuple[type[DomainEvent], ...]]

    @abstractmethod
    def apply(self, recorded: Recorded) -> None:
        """Write the rows that follow from one event."""


class Policy(ABC):
    """When that happened there, ask this here.

    ``react`` runs under a command id that is derived from the event, so that a restart cannot
    make it ask twice. A policy never reacts to history: it begins at the end of the log at which
    it is first seen. One that is as old as the log, or must answer for what happened before it,
    says ``from_the_beginning``.
    """

    name: ClassVar[str]
    listen_to: ClassVar[tuple[type[DomainEvent], ...]]
    from_the_beginning: ClassVar[bool] = False

    @abstractmethod
    def react(self, recorded: Recorded) -> None:
        """Ask for what follows from one event."""
