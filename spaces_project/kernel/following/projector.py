"""Moves a follower along the log: several events a transaction when it is behind."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from django.db import connection, transaction

from spaces_project.kernel.following.dead_letters import apply_or_park
from spaces_project.kernel.following.positions import lock_position, move_position
from spaces_project.kernel.following.read_model import ReadModel
from spaces_project.kernel.log.event_log import Recorded, event_log

BATCH: Final = 500


def project(read_model: ReadModel, limit: int = BATCH) -> int:
    """Apply the next events to a read model in one transaction; return how many were read.

    The position row is locked first: whoever holds it is the only one to apply these events.
    """
    with transaction.atomic():
        position = lock_position(read_model.name)
        batch = event_log().read_live(position, limit)
        if batch:
            apply_or_park(read_model, batch, partial(apply_batch, read_model))
            move_position(read_model.name, batch[-1].position)
    return len(batch)


def rebuild(read_model: ReadModel) -> int:
    """Empty a read model and fold the whole log into it; return the position reached.

    One transaction: readers see the old rows until the new ones are complete.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            # A follower in the middle of a batch is waited for, however long it takes.
            cursor.execute("SET LOCAL lock_timeout = 0")
            cursor.execute("SET LOCAL statement_timeout = 0")
            lock_position(read_model.name)
            for table in reversed(read_model.tables):
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608
        position = 0
        while batch := event_log().read(position, BATCH):
            apply_batch(read_model, batch)
            position = batch[-1].position
        move_position(read_model.name, position)
    return position


def apply_batch(read_model: ReadModel, batch: Sequence[Recorded]) -> None:
    """Apply those events of a batch that the read model listens to."""
    for recorded in batch:
        if isinstance(recorded.event, read_model.listen_to):
            read_model.apply(recorded)
