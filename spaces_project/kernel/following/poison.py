"""Applies what can be applied, and parks the rest: a poison event must not stop a follower."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from django.db import transaction

from spaces_project.kernel.entity import event_class
from spaces_project.kernel.following.dead_letters import key_of, park, parked_rooms
from spaces_project.kernel.following.read_model import Policy, ReadModel
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.log.mapper import Unreadable, UnreadableEvent
from spaces_project.kernel.outages import passes

PAUSES_S: Final = (0.02, 0.1)  # between three tries

Apply = Callable[[Recorded], None]
ApplyAll = Callable[[Sequence[Recorded]], None]


def apply_or_park(
    follower: ReadModel,
    batch: Sequence[Recorded],
    apply_all: ApplyAll,
    *,
    letters_of: str | None = None,
) -> None:
    """Apply those events of a batch that concern a follower; park what cannot be applied.

    Call it inside the transaction that moves the position, behind the statement that locks the
    position row. ``apply_all`` gets the events that concern the follower and whose rooms are not
    parked; only if it fails they are applied one by one, each tried three times.

    :param letters_of: the name under which letters are kept, if not the follower's own: a rebuild
        keeps its letters apart and hands them over at its end by :func:`replace`.
    :raises Exception: whatever will pass by itself, such as a lost database: nothing is parked.
    """
    name = letters_of or follower.name
    parked = set(parked_rooms(name))
    wanted = [r for r in batch if concerns(follower, r) and key_of(r) not in parked]
    if not wanted:
        return
    if not any(isinstance(r.event, Unreadable) for r in wanted):
        try:
            with transaction.atomic():
                apply_all(wanted)
            return
        except Exception as error:
            if passes(error):
                raise
    for recorded in wanted:
        if key_of(recorded) not in parked:
            error_of = try_to(partial(apply_one, apply_all), recorded)
            if error_of is not None:
                park(name, recorded, error_of)
                parked.add(key_of(recorded))


def apply_one(apply_all: ApplyAll, recorded: Recorded) -> None:
    """Apply one event, or leave nothing of it."""
    with transaction.atomic():
        apply_all([recorded])


def try_to(apply: Apply, recorded: Recorded) -> Exception | None:
    """Apply one event, if need be three times; return why it cannot be applied, None if it was.

    :raises Exception: whatever will pass by itself.
    """
    if isinstance(recorded.event, Unreadable):
        return UnreadableEvent(recorded.event.reason)
    for pause_s in (*PAUSES_S, None):
        try:
            apply(recorded)
        except Exception as error:
            if passes(error):
                raise
            if pause_s is None:
                return error
            time.sleep(pause_s)
        else:
            return None
    raise AssertionError  # the last pause is None


def concerns(follower: ReadModel | Policy, recorded: Recorded) -> bool:
    """Tell whether a follower listens to an event, or would if it could be read.

    A topic that this version does not know concerns everybody: who can tell?
    """
    happened = recorded.event
    if isinstance(happened, Unreadable):
        known = event_class(happened.topic)
        return known is None or issubclass(known, follower.listen_to)
    return isinstance(happened, follower.listen_to)
