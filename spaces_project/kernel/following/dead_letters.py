"""Dead letters: an event that a follower cannot apply stops its room there, and nothing else.

A letter says where a follower has stopped in a room, or in a stream that is in no room. Whatever
comes later in there is passed over until the letter is retried; everything else goes on. All of it
happens in the transaction of the effects, while the follower's position row is locked, so that no
event falls between a letter that is taken away and a batch that still passes its room over.
"""

import logging
import traceback
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from spaces_project.kernel.ids import public
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.log.mapper import Unreadable

log = logging.getLogger(__name__)

MOST_PARKED: Final = 100  # rooms of one follower; with more it is the follower that is broken


class TooManyDeadLetters(Exception):
    """A follower failed in so many rooms that it is the follower itself that is broken."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Where a follower has stopped in a room or stream, and the class of what stopped it."""

    follower: str
    key: UUID
    in_room: bool
    position: int
    topic: str
    error: str


def key_of(recorded: Recorded) -> UUID:
    """Return what an event stops with it: its room, or its stream if it is in no room."""
    return recorded.room_id or recorded.event.originator_id


def topic_of(recorded: Recorded) -> str:
    """Return the stored name of an event, also of one that cannot be read."""
    happened = recorded.event
    return happened.topic if isinstance(happened, Unreadable) else happened.TOPIC


def parked_rooms(follower_name: str) -> frozenset[UUID]:
    """Return the rooms, and streams outside of rooms, in which a follower has stopped."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM log_dead_letters WHERE follower = %s", [follower_name])
        return frozenset(key for (key,) in cursor.fetchall())


def place_of(key: UUID, *, in_room: bool) -> str:
    """Return how a room, or a stream outside of rooms, is called towards people."""
    return public("room", key) if in_room else f"stream {key}"


def park(follower_name: str, recorded: Recorded, error: Exception) -> None:
    """Stop a follower in an event's room from this event on, and raise the alarm.

    :raises TooManyDeadLetters: if it has stopped in a hundred rooms: it must not go on like that.
    """
    topic = topic_of(recorded)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO log_dead_letters (follower, key, in_room, position, topic, error)"
            " SELECT %s, %s, %s, %s, %s, %s"
            " WHERE (SELECT count(*) FROM log_dead_letters WHERE follower = %s) < %s"
            " ON CONFLICT (follower, key) DO NOTHING",
            [
                follower_name,
                key_of(recorded),
                recorded.room_id is not None,
                recorded.position,
                topic,
                type(error).__name__,
                follower_name,
                MOST_PARKED,
            ],
        )
        if not cursor.rowcount and key_of(recorded) not in parked_rooms(follower_name):
            raise TooManyDeadLetters(
                f"{follower_name} cannot apply the event at {recorded.position} "
                f"({topic}: {type(error).__name__}), and has stopped in {MOST_PARKED} rooms already"
            ) from error
    place = place_of(key_of(recorded), in_room=recorded.room_id is not None)
    sentence = (
        f"{follower_name} has stopped in {place} at position {recorded.position} ({topic}): "
        f"{_without_payload(error)}; see docs/operations.md, dead letters"
    )
    transaction.on_commit(partial(log.error, sentence))


def _without_payload(error: Exception) -> str:
    """Return an error's class and where it was raised; what it says may quote the event."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"


def dead_letters(follower_name: str | None = None) -> list[DeadLetter]:
    """Return the letters of one follower, or of all, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT follower, key, in_room, position, topic, error FROM log_dead_letters"
            " WHERE %s::text IS NULL OR follower = %s ORDER BY position, follower",
            [follower_name, follower_name],
        )
        return [DeadLetter(*row) for row in cursor.fetchall()]


def rewrite(letter: DeadLetter) -> None:
    """Say that a follower stands elsewhere in its room by now, or is stopped by another error."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE log_dead_letters SET position = %s, topic = %s, error = %s"
            " WHERE follower = %s AND key = %s",
            [letter.position, letter.topic, letter.error, letter.follower, letter.key],
        )


def take_away(letter: DeadLetter) -> None:
    """Let a follower go on in a room; the position row is locked, and nothing was left behind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM log_dead_letters WHERE follower = %s AND key = %s",
            [letter.follower, letter.key],
        )


def count() -> dict[str, int]:
    """Return in how many rooms each follower has stopped; followers that have not are left out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT follower, count(*) FROM log_dead_letters GROUP BY follower")
        return dict(cursor.fetchall())


def forget(follower_name: str) -> None:
    """Take all letters of a read model away: it is made anew from the log."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM log_dead_letters WHERE follower = %s", [follower_name])


def replace(follower_name: str, by: str) -> None:
    """Put the letters that were kept under another name in the place of a follower's own."""
    forget(follower_name)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE log_dead_letters SET follower = %s WHERE follower = %s", [follower_name, by]
        )
