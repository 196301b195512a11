"""Lets a policy answer what happened: each event once, and never history."""

from functools import partial
from typing import Final
from uuid import uuid5

from django.db import transaction

from spaces_project.kernel.following.dead_letters import (
    key_of,
    park,
    parked_rooms,
)
from spaces_project.kernel.following.poison import concerns, try_to
from spaces_project.kernel.following.positions import advance_policy, lock_policy
from spaces_project.kernel.following.read_model import Policy
from spaces_project.kernel.following.waiting import announce
from spaces_project.kernel.log.event_log import Recorded, event_log
from spaces_project.kernel.log.wish import COMMANDS, Wish, carrying_out

BATCH: Final = 100


def react(policy: Policy, limit: int = BATCH) -> int:
    """Let a policy answer the next events, each under command ids of its own.

    An event that it cannot answer, tried three times, is parked with its room. Return how many
    events were read.

    :raises Exception: whatever will pass by itself, such as a lost database.
    """
    with transaction.atomic():
        position = lock_policy(policy)
    batch = event_log().read_live(position, limit)
    parked = parked_rooms(policy.name) if batch else frozenset()
    for recorded in batch:
        if concerns(policy, recorded):
            if key_of(recorded) in parked and _passed_over(policy, recorded, position):
                continue
            if error := try_to(partial(answer, policy), recorded):
                _park(policy, recorded, error, position)
                parked |= {key_of(recorded)}
            advance_policy(policy, recorded.position, position)
    if batch:
        advance_policy(policy, batch[-1].position, position)
        announce(policy.name, batch[-1].position)
    return len(batch)


def answer(policy: Policy, recorded: Recorded) -> None:
    """Let a policy react to one event, so that a repetition asks for nothing twice."""
    command_id = uuid5(COMMANDS, f"policy {policy.name} {recorded.position}")
    with carrying_out(Wish(command_id, policy.name.encode(), several=True)):
        policy.react(recorded)


def _passed_over(policy: Policy, recorded: Recorded, since: int) -> bool:
    """Pass over an event of a parked room, if the room is still parked by now.

    Under the lock of the position row: a retry that takes the room's letter away has either seen
    this event behind the position, or finds it passed over.
    """
    with transaction.atomic():
        reached = lock_policy(policy)
        still = key_of(recorded) in parked_rooms(policy.name)
        if still:
            advance_policy(policy, recorded.position, since)
        return still or reached >= recorded.position


def _park(policy: Policy, recorded: Recorded, error: Exception, since: int) -> None:
    with transaction.atomic():
        if lock_policy(policy) < recorded.position:  # else another process has answered it
            park(policy.name, recorded, error)
            advance_policy(policy, recorded.position, since)
