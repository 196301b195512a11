"""A command that waits in a mailbox, and who waits for its answer."""

from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar
from uuid import UUID

from spaces_project.kernel.entity import Entity
from spaces_project.kernel.log.appends import StoredReceipt
from spaces_project.kernel.log.event_log import Receipt
from spaces_project.kernel.log.wish import Wish, check_expected_version
from spaces_project.kernel.refusals import KeyReused, NotFound, Refusal

EntityT = TypeVar("EntityT", bound=Entity)


@dataclass(frozen=True, slots=True)
class Decision(Generic[EntityT]):
    """What one entity is to decide.

    :param decide: runs on the mailbox's thread, and again when another process was faster: it
        asks nothing but the entity. Times and chance are settled before.
    :param otherwise: the refusal if there is no such entity.
    """

    entity_type: type[EntityT]
    entity_id: UUID
    decide: Callable[[EntityT], object]
    otherwise: type[Refusal] = NotFound


class Ask:
    """A decision on its way to its entity; answered once."""

    __slots__ = ("_answered", "_context", "_decide", "_outcome", "otherwise", "wish")

    def __init__(self, decision: Decision[Any], wish: Wish) -> None:
        self.wish = wish
        self.otherwise = decision.otherwise
        self._decide = decision.decide
        self._context = copy_context()  # what the client expects, whose request it is
        self._outcome: Receipt | BaseException | None = None
        self._answered = Lock()  # the cheapest thing that one thread can wait for another with
        self._answered.acquire()

    @property
    def is_answered(self) -> bool:
        """Whether there is nothing left to do."""
        return self._outcome is not None

    def decide_on(self, entity: Entity) -> None:
        """Let the entity decide.

        :raises Refusal: what it says.
        """
        self._context.run(self._decide_on, entity)

    def answer(self, kept: StoredReceipt) -> None:
        """Tell who waits that it is stored, now or before."""
        if kept.replayed and bytes(kept.fingerprint) != self.wish.fingerprint:
            self._end(KeyReused())
        else:
            stands = (kept.stream, kept.version, kept.position, kept.seq)
            self._end(Receipt(*stands, replayed=kept.replayed))

    def refuse(self, refusal: Refusal) -> None:
        """Tell who waits what everybody is told; an exception belongs to the thread it is for."""
        if type(refusal) is NotFound:
            self._end(self.otherwise())
        else:
            self._end(type(refusal)(refusal.detail, **refusal.facts))

    def fail(self, error: BaseException) -> None:
        """Tell who waits that it is not, or that nobody knows."""
        self._end(error)

    def wait(self, within_s: float) -> bool:
        """Wait for the answer; False if it did not come in time."""
        if not self._answered.acquire(timeout=within_s):
            return False
        self._answered.release()
        return True

    def result(self) -> Receipt:
        """Return the answer, or raise what was said instead of one."""
        assert self._outcome is not None
        if isinstance(self._outcome, Receipt):
            return self._outcome
        raise self._outcome

    def _decide_on(self, entity: Entity) -> None:
        check_expected_version(entity.version)
        self._decide(entity)

    def _end(self, outcome: Receipt | BaseException) -> None:
        if self._outcome is None:
            self._outcome = outcome
            self._answered.release()
