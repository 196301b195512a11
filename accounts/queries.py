"""Every question that accounts answer, from the tables of the read model."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from accounts.domain.account import Account
from accounts.domain.profile import GUESTS
from accounts.models import Block, Follow
from accounts.models import Person as Row
from accounts.streams import blocking_stream, following_stream
from spaces_project.kernel.database import rows
from spaces_project.kernel.ids import public
from spaces_project.kernel.keys.store import KeyDestroyed
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.refusals import NameNeeded, Refusal

PEOPLE: Final = "accounts_people"
READ_MODELS: Final = (PEOPLE,)
_PEOPLE: Final = "SELECT id, handle, name FROM accounts_person WHERE id = ANY(%(ids)s)"
_FOLLOWS: Final = """
SELECT EXISTS (SELECT FROM accounts_follow WHERE follower_id = %(by)s AND followee_id = %(of)s)
"""
_HAS_BLOCKED: Final = """
SELECT EXISTS (SELECT FROM accounts_block WHERE blocker_id = %(by)s AND blocked_id = %(of)s)
"""
MOST_FOUND: Final = 100
_FOUND_BY: Final = """
SELECT id FROM accounts_person WHERE words @@ %(prefix)s::tsquery
ORDER BY follower_count DESC, id LIMIT %(most)s
"""
_BLOCKS_BETWEEN: Final = """
SELECT blocked_id, true FROM accounts_block
WHERE blocker_id = %(me)s AND blocked_id = ANY(%(others)s)
UNION ALL
SELECT blocker_id, false FROM accounts_block
WHERE blocked_id = %(me)s AND blocker_id = ANY(%(others)s)
"""
_WHO_BLOCKED: Final = """
SELECT blocker_id FROM accounts_block WHERE blocked_id = %(of)s AND blocker_id = ANY(%(among)s)
"""
_STANDING: Final = """
SELECT coalesce((SELECT follower_count FROM accounts_person WHERE id = %(of)s), 0),
       coalesce((SELECT following_count FROM accounts_person WHERE id = %(of)s), 0),
       EXISTS (SELECT FROM accounts_follow
               WHERE follower_id = %(viewer)s AND followee_id = %(of)s),
       EXISTS (SELECT FROM accounts_block WHERE blocker_id = %(viewer)s AND blocked_id = %(of)s)
"""


@dataclass(frozen=True, slots=True)
class Person:
    """How somebody is named."""

    account_id: UUID
    handle: str
    name: str


@dataclass(frozen=True, slots=True)
class Blocks:
    """Who blocks whom between one person and some others: ``of`` by that person, ``by`` others."""

    of: frozenset[UUID]
    by: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands: among all, and towards one viewer."""

    follower_count: int
    following_count: int
    is_followed: bool
    is_blocked: bool


def person(account_id: UUID) -> Person | None:
    """Return how an account is named, None if there is no such account."""
    return people([account_id]).get(account_id)


def people(account_ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Return how accounts are named, in one query; unknown ones are left out."""
    wanted = list(set(account_ids))
    return {row[0]: Person(*row) for row in rows(_PEOPLE, {"ids": wanted})} if wanted else {}


def person_by_handle(handle: str) -> Person | None:
    """Return whose handle it is, in whatever case it is written; nobody finds a guest."""
    wanted = handle.lower()
    return None if wanted.startswith(GUESTS) else people_by_handle([wanted]).get(wanted)


def people_by_handle(handles: Iterable[str]) -> dict[str, Person]:
    """Return whose handles these are, in one query; unknown ones are left out."""
    found = Row.objects.filter(handle__in=set(handles)).values_list("id", "handle", "name")
    return {handle: Person(account_id, handle, name) for account_id, handle, name in found}


def follower_count(account_id: UUID) -> int:
    """Return how many people follow an account."""
    found = Row.objects.filter(id=account_id).values_list("follower_count", flat=True).first()
    return found or 0


def is_protected_now(account_id: UUID) -> bool:
    """Tell whether an account is protected, from the log: a moment ago counts too."""
    with suppress(Refusal):
        return event_log().load(Account, account_id).is_protected
    return False


def must_have_name(account_id: UUID) -> None:
    """Refuse what takes a name to a guest, by the log; who is not known there is none.

    :raises NameNeeded: with the guest's account.
    """
    try:
        account = event_log().load(Account, account_id)
    except Refusal:
        return
    if account.is_guest:
        raise NameNeeded(account_id=public("acc", account_id))


def follows(follower_id: UUID, followee_id: UUID) -> bool:
    """Tell whether one account follows another."""
    return bool(rows(_FOLLOWS, {"by": follower_id, "of": followee_id})[0][0])


def follows_now(follower_id: UUID, followee_id: UUID) -> bool:
    """Tell whether one account follows another, from the log: a moment ago counts too."""
    return event_log().fill(following_stream(follower_id, followee_id)).follows


def people_now(account_ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Return how accounts are named; who is not in the tables yet is read from the log."""
    wanted = set(account_ids)
    known = people(wanted)
    for account_id in wanted - known.keys():
        with suppress(Refusal):
            account = event_log().load(Account, account_id)
            known[account_id] = Person(account_id, account.handle, account.name)
    return known


def has_blocked(blocker_id: UUID, blocked_id: UUID) -> bool:
    """Tell whether one account has blocked another."""
    return bool(rows(_HAS_BLOCKED, {"by": blocker_id, "of": blocked_id})[0][0])


def has_blocked_now(blocker_id: UUID, blocked_id: UUID) -> bool:
    """Tell whether one account has blocked another, from the log: a moment ago counts too.

    Whoever is forgotten blocks nobody: with the key nobody can tell any more who it was.
    """
    try:
        return event_log().fill(blocking_stream(blocker_id, blocked_id)).blocks
    except KeyDestroyed:
        return False


def blockers_of(account_id: UUID) -> QuerySet[Block, UUID]:
    """Return who has blocked an account, for use inside another query."""
    return Block.objects.filter(blocked_id=account_id).values_list("blocker_id", flat=True)


def followed_by(account_id: UUID) -> QuerySet[Follow]:
    """Return whom an account follows, the newest following first."""
    return Follow.objects.filter(follower_id=account_id).order_by("-since", "-followee_id")


def blocked_by(account_id: UUID) -> QuerySet[Block]:
    """Return whom an account has blocked, the youngest account first."""
    return Block.objects.filter(blocker_id=account_id).order_by("-blocked_id")


def people_found_by(prefix: str) -> list[UUID]:
    """Return who is called so, the most followed first, at most a hundred.

    :param prefix: the ``tsquery`` of how a word of the name or the handle begins.
    """
    return [account_id for (account_id,) in rows(_FOUND_BY, {"prefix": prefix, "most": MOST_FOUND})]


def standing(account_id: UUID, *, viewer_id: UUID) -> Standing:
    """Return where an account stands, in one query."""
    return Standing(*rows(_STANDING, {"of": account_id, "viewer": viewer_id})[0])


def blocks_between(account_id: UUID, others: Collection[UUID]) -> Blocks:
    """Return whom of some people an account has blocked, and who of them blocked it, at once."""
    found = rows(_BLOCKS_BETWEEN, {"me": account_id, "others": list(others)})
    return Blocks(
        of=frozenset(other for other, by_me in found if by_me),
        by=frozenset(other for other, by_me in found if not by_me),
    )


def who_blocked(account_id: UUID, among: Collection[UUID]) -> list[UUID]:
    """Return who of some people has blocked an account, in one query."""
    return [who for (who,) in rows(_WHO_BLOCKED, {"of": account_id, "among": list(among)})]
