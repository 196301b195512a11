"""Commands whose replies from the database are cut off, and what became of them."""

import random
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from unittest import mock
from uuid import UUID

from spaces_project.kernel import commands
from spaces_project.kernel.database import connection_parameters
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log import datastore
from spaces_project.kernel.log.event_log import EventLog, Receipt, event_log
from spaces_project.kernel.log.wish import idempotent
from tests.full_size import reached
from tests.kernel import jars
from tests.kernel.jars import Jar, add, at_once, stored
from tests.kernel.postgres_proxy import PostgresProxy

MARK = b"tests.MarbleAdded"


@dataclass
class Outcome:
    """What was lost, and what is wrong because of it, in sentences."""

    seed: int
    asked: int = 0
    cuts: int = 0
    replayed: int = 0
    faults: list[str] = field(default_factory=list)


@contextmanager
def lossy_way() -> Iterator[PostgresProxy]:
    """Let commands reach the log by a way that loses replies, inside the block."""
    straight = connection_parameters()
    upstream = Path(straight["host"]) / f".s.PGSQL.{straight.get('port', '5432')}"
    with ExitStack() as stack:
        # A short path: it is a socket's.
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="spaces-"))
        proxy = PostgresProxy(Path(folder), upstream)
        stack.callback(proxy.close)
        lossy = {**straight, "host": folder}
        with mock.patch.object(datastore, "connection_parameters", return_value=lossy):
            log = EventLog()
        stack.callback(log.close)
        for module in (commands, jars):
            stack.enter_context(mock.patch.object(module, "event_log", return_value=log))
        yield proxy


def carry_out(proxy: PostgresProxy, cuts: int, threads: int, seed: int) -> Outcome:
    """Put marbles into jars, a jar for each thread, until so many replies were cut.

    A jar is full with each marble that is asked for: whoever decides anew on what is stored already
    is refused, and whoever stores it twice is found out by the count.
    """
    outcome = Outcome(seed)
    each = [new_id() for _ in range(threads)]
    while proxy.cuts < cuts:
        reached(f"{proxy.cuts} of {cuts} cuts")
        rounds = at_once(
            [
                partial(_fill, proxy, jar_id, f"{seed} {outcome.asked} {n}")
                for n, jar_id in enumerate(each)
            ]
        )
        for answer in rounds:
            outcome.asked += 1
            if isinstance(answer, Receipt):
                outcome.replayed += answer.replayed
            else:
                outcome.faults.append(f"refused: {answer!r}")
        if outcome.faults:
            break
    outcome.cuts = proxy.cuts
    for jar_id in each:
        outcome.faults += _doubled(jar_id, outcome.asked // threads)
    return outcome


def _fill(proxy: PostgresProxy, jar_id: UUID, seed: str) -> Receipt:
    chance = random.Random(seed)
    jar = event_log().fill(Jar(jar_id))
    if chance.random() < 0.8:
        proxy.lose_reply_to(MARK)
    with idempotent("ana", seed, b"{}") if chance.random() < 0.5 else nullcontext():
        receipt = add(jar_id=jar_id, most=jar.version + 1)
    if receipt.version != jar.version + 1:
        raise AssertionError(f"version {receipt.version} instead of {jar.version + 1}")
    return receipt


def _doubled(jar_id: UUID, asked: int) -> list[str]:
    versions = [r.event.originator_version for r in stored() if r.event.originator_id == jar_id]
    if versions == list(range(1, asked + 1)):
        return []
    return [f"{jar_id}: {len(versions)} marbles, {asked} asked for"]
