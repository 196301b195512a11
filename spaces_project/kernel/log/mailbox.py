"""One writer for an entity that many change at once: many commands, one append.

Whoever changes a hot entity by itself loses nearly every race: of 64 buyers at one sale one is
first, and 63 load and decide again. Here their commands wait in line; each is decided on what the
ones before it made, and all are stored together, each with a receipt of its own.
"""

import logging
import random
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from eventsourcing.persistence import IntegrityError, RecordConflictError, StoredEvent

from spaces_project.kernel.commands import LOST, PAUSE_S, STORAGE_PAUSE_S
from spaces_project.kernel.entity import DomainEvent, Entity
from spaces_project.kernel.keys.store import KeyDestroyed, key_store
from spaces_project.kernel.log.appends import Answer, Append
from spaces_project.kernel.log.ask import Ask
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.refusals import Contended, Refusal, StorageUnavailable

MOST_AT_ONCE: Final = 200  # commands in one append; more make the first of them wait too long
# More than a command's five: of two processes one loses each time, and many wait for it.
ATTEMPTS: Final = 10
log = logging.getLogger(__name__)


@dataclass
class Batch:
    """What was decided, and not stored yet."""

    base: int  # the version before it
    happened: list[DomainEvent] = field(default_factory=list)
    stored: list[StoredEvent] = field(default_factory=list)
    agreed: list[tuple[Ask, int]] = field(default_factory=list)  # with the version that it made
    refused: list[tuple[Ask, BaseException]] = field(default_factory=list)


class Mailbox:
    """The commands that wait for one entity, and the entity as this process left it."""

    def __init__(self, entity_type: type[Entity], entity_id: UUID) -> None:
        self.waiting: deque[Ask] = deque()
        self.is_scheduled = False
        self._type, self._id = entity_type, entity_id
        self._entity: Entity | None = None

    def take(self) -> list[Ask]:
        """Take the commands of the next append out of the line, each wish only once."""
        taken: dict[UUID, Ask] = {}
        left = deque[Ask]()
        while self.waiting and len(taken) < MOST_AT_ONCE:
            ask = self.waiting.popleft()
            if taken.setdefault(ask.wish.command_id, ask) is not ask:
                left.append(ask)  # it will find the receipt of the first
        self.waiting.extendleft(reversed(left))
        return list(taken.values())

    def refuse_all(self, refusal: Refusal) -> None:
        """Tell everybody who still waits in line that it will not be carried out."""
        while self.waiting:
            self.waiting.popleft().refuse(refusal)

    def carry_out(self, asks: Sequence[Ask]) -> bool:
        """Decide on the asks in turn, store what they agreed to, and answer every one of them.

        :returns: False if the database is out of reach: whoever waits has to be told, too.
        """
        try:
            return self._carry_out(asks)
        except Exception as error:
            self._entity = None
            if len(asks) == 1:
                asks[0].fail(error)
                return True
            # Whatever it was, it hits only the one who brought it.
            log.exception("%s %s: each command by itself", self._type.__name__, self._id)
            reached = [self.carry_out([ask]) for ask in asks if not ask.is_answered]
            return all(reached)

    def _carry_out(self, asks: Sequence[Ask]) -> bool:
        trouble: Refusal = Contended()
        for attempt in range(ATTEMPTS):
            try:
                asks = self._left_to_decide(asks, may_be_stored=attempt > 0)
                if not asks:
                    return True
                batch = self._decide(asks)
            except Refusal as refusal:  # of the load: decisions keep theirs to themselves
                _refuse(asks, refusal)
                return True
            except LOST as error:
                log.warning("%s: out of reach: %s", self._type.__name__, error)
                _refuse(asks, StorageUnavailable(retry_after_s=2))
                return False
            except RecordConflictError:
                self._entity, trouble = None, Contended()
                continue
            try:
                self._store(batch)
            except RecordConflictError:
                self._entity, trouble = None, Contended()
                time.sleep(random.uniform(0, PAUSE_S * attempt))  # noqa: S311
            except LOST as error:  # whether it is stored, the receipts will tell
                self._entity, trouble = None, StorageUnavailable(retry_after_s=2)
                log.warning("%s: the database's answer was lost: %s", self._type.__name__, error)
                time.sleep(STORAGE_PAUSE_S if attempt else 0)
            else:
                return True
        _refuse(asks, trouble)
        return True

    def _left_to_decide(self, asks: Sequence[Ask], *, may_be_stored: bool) -> Sequence[Ask]:
        """Load the entity; answer those asks that were carried out before; return the others.

        The receipts are asked for last: whatever of these asks the entity has in it already, its
        receipt was stored with it.
        """
        try:
            self._current()
        except Refusal as refusal:
            _refuse(_without_known(asks, also_new_ones=may_be_stored), refusal)
            return []
        return _without_known(asks, also_new_ones=may_be_stored)

    def _decide(self, asks: Sequence[Ask]) -> Batch:
        entity = self._current()
        batch = Batch(entity.version)
        mapper = event_log().mapper
        for ask in asks:
            before = entity.version
            try:
                ask.decide_on(entity)
                happened = entity.collect_events()
                stored = [mapper.to_stored_event(each, entity.key_id) for each in happened]
            except BaseException as error:  # noqa: BLE001 - it is the answer of this one
                batch.refused.append((ask, error))
                if entity.version != before or not isinstance(error, Refusal):
                    entity = self._as_before(batch)
            else:
                batch.happened += happened
                batch.stored += stored
                batch.agreed.append((ask, entity.version))
        return batch

    def _current(self) -> Entity:
        """Return the entity as this process left it, or as the log has it."""
        if self._entity is not None:
            try:
                key_store().cipher(self._entity.key_id)  # asks the database once in a minute
            except KeyDestroyed:
                self._entity = None  # with the key goes what it encrypted
        if self._entity is None:
            self._entity = event_log().load(self._type, self._id)
            key_store().make([self._entity.key_id])
        return self._entity

    def _as_before(self, batch: Batch) -> Entity:
        """Return the entity without what half a decision did to it."""
        self._entity = None
        entity = self._current()
        if entity.version != batch.base:
            raise IntegrityError("somebody else was faster")
        for happened in batch.happened:
            entity.apply(happened)
        return entity

    def _store(self, batch: Batch) -> None:
        """Store a batch and give the answers.

        Nobody is refused by what is out of date: the append shows that nobody else was faster, or
        a look at the stream, where there is nothing to append.
        """
        entity = self._entity
        assert entity is not None
        receipts = []
        if batch.agreed:
            receipts = event_log().recorder.append(
                Append(
                    batch.stored,
                    room_id=entity.room_id,
                    needs_open_room=any(each.NEEDS_OPEN_ROOM for each in batch.happened),
                    closes_room=any(each.CLOSES_ROOM for each in batch.happened),
                    answers=[
                        Answer(ask.wish.command_id, ask.wish.fingerprint, self._id, version)
                        for ask, version in batch.agreed
                    ],
                    unchanged=() if batch.stored else ((self._id, batch.base),),
                )
            )
            if any(kept.replayed for kept in receipts):
                raise IntegrityError("another process carried it out meanwhile")
        elif event_log().recorder.of_stream(self._id, batch.base, batch.base + 1):
            raise IntegrityError("somebody else was faster")
        for (ask, _), kept in zip(batch.agreed, receipts, strict=True):
            ask.answer(kept)
        for ask, error in batch.refused:
            ask.fail(error)


def _without_known(asks: Sequence[Ask], *, also_new_ones: bool) -> Sequence[Ask]:
    """Answer those asks that were carried out before; return the others."""
    sought = [a.wish.command_id for a in asks if also_new_ones or a.wish.may_be_a_retry]
    known = event_log().recorder.receipts(sought) if sought else {}
    for ask in asks:
        if kept := known.get(ask.wish.command_id):
            ask.answer(kept)
    return [ask for ask in asks if not ask.is_answered]


def _refuse(asks: Sequence[Ask], refusal: Refusal) -> None:
    for ask in asks:
        ask.refuse(refusal)
