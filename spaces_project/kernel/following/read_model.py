"""Read models: disposable tables that a projection keeps."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.following.pipeline import pipelined
from spaces_project.kernel.following.rows import Rows
from spaces_project.kernel.following.tables import Key, Table
from spaces_project.kernel.log.event_log import Recorded


class ReadModel(ABC):
    """Events in, rows out.

    ``name`` names its position, ``tables`` are the tables that it alone writes, ``listen_to`` the
    events that it reads. ``apply`` runs inside the transaction that also moves the position, so
    that its effect happens exactly once.

    One that ``only_writes`` sends everything by :func:`~.pipeline.write` and needs no answer: a
    whole batch is one round trip then.
    """

    name: ClassVar[str]
    tables: ClassVar[tuple[str, ...]]
    listen_to: ClassVar[tuple[type[DomainEvent], ...]]
    only_writes: ClassVar[bool] = False

    @abstractmethod
    def apply(self, recorded: Recorded) -> None:
        """Write the rows that follow from one event."""

    def apply_all(self, batch: Sequence[Recorded]) -> None:
        """Write the rows that follow from several events, in order."""
        if not self.only_writes:
            for recorded in batch:
                self.apply(recorded)
            return
        with pipelined():
            for recorded in batch:
                self.apply(recorded)


class FoldReadModel(ReadModel):
    """Events in, rows in memory, rows out: each row is loaded and written once a batch.

    ``folded`` are its tables. A rebuild folds by the same two methods, from empty tables.
    """

    folded: ClassVar[tuple[Table[Any], ...]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "folded" in cls.__dict__:
            cls.tables = tuple(table.name for table in cls.folded)

    @abstractmethod
    def concerns(self, recorded: Recorded) -> Iterable[tuple[Table[Any], Key]]:
        """Return the rows, by table and key, that ``fold`` will look at for one event."""

    @abstractmethod
    def fold(self, recorded: Recorded, rows: Rows) -> None:
        """Change the rows by one event."""

    def apply(self, recorded: Recorded) -> None:
        """Write the rows that follow from one event."""
        self.apply_all([recorded])

    def apply_all(self, batch: Sequence[Recorded]) -> None:
        """Write the rows that follow from several events, in order."""
        rows = Rows(self.folded)
        rows.load(concerned for recorded in batch for concerned in self.concerns(recorded))
        for recorded in batch:
            self.fold(recorded, rows)
        rows.write()


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
