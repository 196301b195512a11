"""Takes dead letters up again: what was passed over is applied in order, then the room goes on."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from django.db import transaction

from spaces_project.kernel.following.dead_letters import (
    DeadLetter,
    dead_letters,
    rewrite,
    take_away,
    topic_of,
)
from spaces_project.kernel.following.poison import Apply, apply_one, concerns, try_to
from spaces_project.kernel.following.positions import lock_policy, lock_position
from spaces_project.kernel.following.reactions import answer
from spaces_project.kernel.following.read_model import Policy, ReadModel
from spaces_project.kernel.log.event_log import Recorded, event_log

PAGE: Final = 200  # events in one transaction, so that the follower need not wait for long

Stopped = tuple[Recorded, Exception] | None


def retry(follower: ReadModel | Policy) -> list[DeadLetter]:
    """Take up every letter of a follower, the oldest first; return those that still stop it.

    :raises Exception: whatever will pass by itself; what was applied until then stays applied.
    """
    for letter in dead_letters(follower.name):
        left: DeadLetter | None = letter
        while left is not None:
            left = _go_on(follower, left)
    return dead_letters(follower.name)


def _go_on(follower: ReadModel | Policy, letter: DeadLetter) -> DeadLetter | None:
    """Apply one page of what was passed over; return where to go on, None when that is over."""
    if isinstance(follower, ReadModel):
        with transaction.atomic():
            reached = lock_position(follower.name)
            if (kept := _as_kept(letter)) is None:
                return None
            page = _page(kept, reached)
            stopped = _go_through(follower, page, partial(apply_one, follower.apply_all))
            return _write_down(kept, page, stopped)
    with transaction.atomic():
        reached = lock_policy(follower)
        if (kept := _as_kept(letter)) is None:
            return None
    page = _page(kept, reached)
    stopped = _go_through(follower, page, partial(answer, follower))
    with transaction.atomic():
        rest = replace(kept, position=reached + 1)
        if stopped is None and len(page) < PAGE and _page(rest, lock_policy(follower)):
            rewrite(rest)  # the policy has passed over some more meanwhile
            return rest
        return _write_down(kept, page, stopped)


def _as_kept(letter: DeadLetter) -> DeadLetter | None:
    """Return a letter as it stands now: another retry, or a rebuild, may have been here."""
    those = dead_letters(letter.follower)
    return next((each for each in those if each.key == letter.key), None)


def _page(letter: DeadLetter, reached: int) -> list[Recorded]:
    return event_log().read_place(
        letter.key, in_room=letter.in_room, first=letter.position, last=reached, limit=PAGE
    )


def _go_through(follower: ReadModel | Policy, page: Sequence[Recorded], apply: Apply) -> Stopped:
    for recorded in page:
        if concerns(follower, recorded) and (error := try_to(apply, recorded)):
            return recorded, error
    return None


def _write_down(
    letter: DeadLetter, page: Sequence[Recorded], stopped: Stopped
) -> DeadLetter | None:
    if stopped is not None:
        recorded, error = stopped
        rewrite(
            replace(
                letter,
                position=recorded.position,
                topic=topic_of(recorded),
                error=type(error).__name__,
            )
        )
        return None
    if len(page) < PAGE:
        take_away(letter)
        return None
    onwards = replace(letter, position=page[-1].position + 1)
    rewrite(onwards)
    return onwards
