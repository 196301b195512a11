"""People as others see them: profiles, counts, who follows and blocks whom."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection

from accounts.domain.account import Account
from accounts.domain.blocking import Blocking
from accounts.domain.following import Following
from accounts.models import Block, Person
from accounts.queries import PEOPLE
from accounts.sealing import seal_bio
from spaces_project.kernel.following.read_model import ReadModel
from spaces_project.kernel.log.event_log import Recorded

# A pair's row and both counts in one statement: an event that is applied again counts nothing.
_FOLLOW: Final = """
WITH pair (follower, followee) AS (VALUES (%s::uuid, %s::uuid)),
changed AS (
    INSERT INTO accounts_follow (follower_id, followee_id, since)
    SELECT follower, followee, %s FROM pair ON CONFLICT DO NOTHING
    RETURNING follower_id, followee_id
)"""
_UNFOLLOW: Final = """
WITH changed AS (
    DELETE FROM accounts_follow WHERE follower_id = %s AND followee_id = %s
    RETURNING follower_id, followee_id
)"""
_COUNT: Final = """
UPDATE accounts_person p SET
    follower_count = p.follower_count + {step} * (p.id = c.followee_id)::int,
    following_count = p.following_count + {step} * (p.id = c.follower_id)::int
FROM changed c WHERE p.id IN (c.follower_id, c.followee_id)"""

FOLLOW: Final = _FOLLOW + _COUNT.format(step="1")
UNFOLLOW: Final = _UNFOLLOW + _COUNT.format(step="-1")


class People(ReadModel):
    """One row per account, per following and per block."""

    name = PEOPLE
    tables = ("accounts_person", "accounts_follow", "accounts_block")
    listen_to = (
        Account.Registered,
        Account.ProfileChanged,
        Following.Followed,
        Following.Unfollowed,
        Blocking.Blocked,
        Blocking.Unblocked,
    )

    def apply(self, recorded: Recorded) -> None:
        """Write the rows that follow from one event."""
        match recorded.event:
            case Account.Registered() as happened:
                _register(happened)
            case Account.ProfileChanged(originator_id=account_id, name=name, bio=bio):
                Person.objects.filter(id=account_id).update(
                    name=name, sealed_bio=seal_bio(bio, account_id)
                )
            case Following.Followed(follower_id=follower, followee_id=followee, at=at):
                _execute(FOLLOW, (follower, followee, at))
            case Following.Unfollowed(follower_id=follower, followee_id=followee):
                _execute(UNFOLLOW, (follower, followee))
            case Blocking.Blocked(blocker_id=blocker, blocked_id=blocked):
                Block.objects.bulk_create(
                    [Block(blocker_id=blocker, blocked_id=blocked)], ignore_conflicts=True
                )
            case Blocking.Unblocked(blocker_id=blocker, blocked_id=blocked):
                Block.objects.filter(blocker_id=blocker, blocked_id=blocked).delete()


def _register(happened: Account.Registered) -> None:
    account_id: UUID = happened.originator_id
    person = Person(
        id=account_id,
        handle=happened.handle,
        name=happened.name,
        sealed_bio=seal_bio("", account_id),
        created_at=happened.at,
    )
    Person.objects.bulk_create([person], ignore_conflicts=True)


def _execute(statement: str, arguments: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
