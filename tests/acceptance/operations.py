"""What was asked for, how it ended, and what the log says about it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid5

import psycopg

from spaces_project.kernel.ids import parse
from spaces_project.kernel.log.wish import COMMANDS

RECEIPTS: Final = "SELECT command_id, position, seq FROM log_receipts"
NUMBERED: Final = (
    "SELECT room_id, seq, notification_id FROM log_events WHERE room_id IS NOT NULL ORDER BY seq"
)


class Outcome(StrEnum):
    """How an operation ended, as far as its client can know."""

    OK = "ok"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass
class Operation:
    """One wish under one key, with every attempt at it.

    :param adds: the types of events that its acknowledgement promises.
    """

    move: str
    room_id: str
    account_id: str
    command_id: UUID
    adds: tuple[str, ...]
    attempts: list[Outcome] = field(default_factory=list)
    position: int | None = None
    seq: int | None = None
    problem: str = ""

    @property
    def outcome(self) -> Outcome:
        """How it ended at last."""
        return self.attempts[-1]


def rest_command_id(actor_id: str, method: str, path: str, key: str) -> UUID:
    """The command id behind an Idempotency-Key: scoped by account and address."""
    return uuid5(COMMANDS, f"{parse('acc', actor_id)} {method} {path}\n{key}")


def socket_command_id(actor_id: str, room_id: str, ref: str) -> UUID:
    """The command id behind a frame's ref: scoped by account and room."""
    return uuid5(COMMANDS, f"{parse('acc', actor_id)} socket {parse('room', room_id)}\n{ref}")


@dataclass(frozen=True)
class Log:
    """What stands in the log: receipts, numbers, and the rooms' events in their order."""

    receipts: dict[UUID, tuple[int, int | None]]
    seqs: dict[str, list[int]]
    positions: dict[str, list[int]]
    told: dict[str, list[dict[str, Any]]]

    def doubled(self, room_id: str, place: int) -> "Log":
        """The same log with one of its events standing in it twice."""
        events = self.told[room_id]
        return replace(self, told=self.told | {room_id: [*events, events[place]]})

    def without(self, room_id: str, place: int) -> "Log":
        """The same log with one event lost."""
        kept = [each for number, each in enumerate(self.told[room_id]) if number != place]
        return replace(self, told=self.told | {room_id: kept})

    def with_a_hole(self, room_id: str, place: int) -> "Log":
        """The same log with one number left out."""
        seqs = [seq + (number >= place) for number, seq in enumerate(self.seqs[room_id])]
        return replace(self, seqs=self.seqs | {room_id: seqs})

    def without_receipt(self, command_id: UUID) -> "Log":
        """The same log with one receipt lost."""
        kept = {known: at for known, at in self.receipts.items() if known != command_id}
        return replace(self, receipts=kept)

    def with_receipt_of(self, command_id: UUID) -> "Log":
        """The same log with a receipt of what was refused."""
        return replace(self, receipts=self.receipts | {command_id: (1, 1)})


def read_log(url: str, told: dict[str, list[dict[str, Any]]]) -> Log:
    """Read the tables of the log beside what REST tells of the rooms."""
    ids = {parse("room", room_id): room_id for room_id in told}
    seqs: dict[str, list[int]] = defaultdict(list)
    positions: dict[str, list[int]] = defaultdict(list)
    with psycopg.connect(url) as connection:
        receipts = {row[0]: (row[1], row[2]) for row in connection.execute(RECEIPTS)}
        for room, seq, position in connection.execute(NUMBERED):
            if room in ids:
                seqs[ids[room]].append(seq)
                positions[ids[room]].append(position)
    return Log(receipts, seqs, positions, told)


def faults(operations: Sequence[Operation], log: Log) -> list[str]:
    """Say everything that is wrong with a log after these operations; nothing, if all is well."""
    return [
        *_open_questions(operations),
        *_wrong_receipts(operations, log),
        *_wrong_numbers(log),
        *_wrong_events(operations, log),
    ]


def _open_questions(operations: Iterable[Operation]) -> Iterable[str]:
    for each in operations:
        if each.outcome is Outcome.UNKNOWN:
            yield f"{each.move} of {each.account_id}: never answered ({each.problem})"


def _wrong_receipts(operations: Iterable[Operation], log: Log) -> Iterable[str]:
    for each in operations:
        kept = log.receipts.get(each.command_id)
        what = f"{each.move} of {each.account_id} under {each.command_id}"
        match each.outcome:
            case Outcome.OK if each.adds and kept is None:
                yield f"{what}: acknowledged, but there is no receipt"
            case Outcome.OK if each.adds and kept is not None:
                if each.position not in {None, kept[0]} or each.seq not in {None, kept[1]}:
                    yield f"{what}: acknowledged at {each.position}/{each.seq}, kept at {kept}"
            case Outcome.FAIL if kept is not None:
                yield f"{what}: refused, but has a receipt ({each.problem})"


def _wrong_numbers(log: Log) -> Iterable[str]:
    for room_id, events in log.told.items():
        expected = list(range(1, len(log.seqs[room_id]) + 1))
        if log.seqs[room_id] != expected:
            yield f"{room_id}: the numbers are not 1 to {len(expected)}"
        if log.positions[room_id] != sorted(log.positions[room_id]):
            yield f"{room_id}: numbers and positions disagree about the order"
        if [event["seq"] for event in events] != log.seqs[room_id]:
            yield f"{room_id}: what is told is not what is stored"


def _wrong_events(operations: Iterable[Operation], log: Log) -> Iterable[str]:
    """Compare what each person's acknowledged wishes promise with what the log tells of them."""
    promised: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in operations:
        if each.outcome is Outcome.OK:
            promised[each.room_id, each.account_id] += each.adds
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for room_id, events in log.told.items():
        for event in events:
            if whom := event["data"].get("account_id"):
                found[room_id, whom].append(event["type"])
    for place in sorted(promised.keys() | found.keys()):
        if promised[place] != found[place]:
            lost = Counter(promised[place]) - Counter(found[place])
            extra = Counter(found[place]) - Counter(promised[place])
            yield f"{place}: lost {dict(lost)}, too much {dict(extra)}, or out of order"
