"""People as others see them: profiles, counts, who follows and blocks whom."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from accounts.domain.account import Account
from accounts.domain.blocking import Blocking
from accounts.domain.following import Following
from accounts.domain.profile import GUEST, guest_handle
from accounts.queries import PEOPLE
from accounts.sealing import seal_bio
from spaces_project.kernel.following.read_model import FoldReadModel
from spaces_project.kernel.following.rows import Rows
from spaces_project.kernel.following.tables import Key, Table
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.words import as_vector, words_of


class PersonCells(msgspec.Struct):
    """A row of ``accounts_person``."""

    id: UUID
    handle: str
    name: str
    sealed_bio: str
    created_at: datetime
    follower_count: int = 0
    following_count: int = 0
    protected: bool = False
    words: str = ""


class FollowCells(msgspec.Struct):
    """A row of ``accounts_follow``."""

    follower_id: UUID
    followee_id: UUID
    since: datetime


class BlockCells(msgspec.Struct):
    """A row of ``accounts_block``."""

    blocker_id: UUID
    blocked_id: UUID


PERSONS: Final = Table("accounts_person", PersonCells, key=("id",))
FOLLOWS: Final = Table("accounts_follow", FollowCells, key=("follower_id", "followee_id"))
BLOCKS: Final = Table("accounts_block", BlockCells, key=("blocker_id", "blocked_id"))


class People(FoldReadModel):
    """One row per account, per following and per block.

    An event that is applied again changes nothing.
    """

    name = PEOPLE
    folded = (PERSONS, FOLLOWS, BLOCKS)
    listen_to = (
        Account.Registered,
        Account.GuestRegistered,
        Account.NameChosen,
        Account.ProfileChanged,
        Account.Protected,
        Account.Unprotected,
        Following.Followed,
        Following.Unfollowed,
        Blocking.Blocked,
        Blocking.Unblocked,
    )

    def concerns(self, recorded: Recorded) -> Iterable[tuple[Table[Any], Key]]:
        """Return the account, or the pair; with a following both accounts, to count it."""
        match recorded.event:
            case Following.Followed() | Following.Unfollowed() as happened:
                yield FOLLOWS, (happened.follower_id, happened.followee_id)
                yield PERSONS, happened.follower_id
                yield PERSONS, happened.followee_id
            case Blocking.Blocked() | Blocking.Unblocked() as happened:
                yield BLOCKS, (happened.blocker_id, happened.blocked_id)
            case of_account:
                yield PERSONS, of_account.originator_id

    def fold(self, recorded: Recorded, rows: Rows) -> None:
        """Change what one event changes."""
        _CHANGES[type(recorded.event)](rows, recorded.event)


def _register(rows: Rows, happened: Account.Registered) -> None:
    account_id: UUID = happened.originator_id
    if rows[PERSONS].get(account_id) is None:
        person = PersonCells(
            account_id, happened.handle, happened.name, _sealed("", account_id), happened.at
        )
        person.words = _found_by(person)
        rows[PERSONS].add(account_id, person)


def _register_guest(rows: Rows, happened: Account.GuestRegistered) -> None:
    account_id: UUID = happened.originator_id
    if rows[PERSONS].get(account_id) is None:  # without words: nobody looks for a guest
        handle = guest_handle(account_id)
        person = PersonCells(account_id, handle, GUEST, _sealed("", account_id), happened.at)
        rows[PERSONS].add(account_id, person)


def _choose_name(rows: Rows, happened: Account.NameChosen) -> None:
    if person := rows[PERSONS].change(happened.originator_id):
        person.handle, person.name = happened.handle, happened.name
        person.words = _found_by(person)


def _change_profile(rows: Rows, happened: Account.ProfileChanged) -> None:
    if person := rows[PERSONS].change(happened.originator_id):
        person.name = happened.name
        person.sealed_bio = _sealed(happened.bio, happened.originator_id)
        person.words = _found_by(person)


def _protect(rows: Rows, happened: Account.Protected) -> None:
    if person := rows[PERSONS].change(happened.originator_id):
        person.protected = True


def _unprotect(rows: Rows, happened: Account.Unprotected) -> None:
    if person := rows[PERSONS].change(happened.originator_id):
        person.protected = False


def _follow(rows: Rows, happened: Following.Followed) -> None:
    pair = (happened.follower_id, happened.followee_id)
    if rows[FOLLOWS].get(pair) is None:
        rows[FOLLOWS].add(pair, FollowCells(*pair, happened.at))
        _count(rows, *pair, 1)


def _unfollow(rows: Rows, happened: Following.Unfollowed) -> None:
    pair = (happened.follower_id, happened.followee_id)
    if rows[FOLLOWS].remove(pair):
        _count(rows, *pair, -1)


def _block(rows: Rows, happened: Blocking.Blocked) -> None:
    pair = (happened.blocker_id, happened.blocked_id)
    if rows[BLOCKS].get(pair) is None:
        rows[BLOCKS].add(pair, BlockCells(*pair))


def _unblock(rows: Rows, happened: Blocking.Unblocked) -> None:
    rows[BLOCKS].remove((happened.blocker_id, happened.blocked_id))


def _count(rows: Rows, follower: UUID, followee: UUID, step: int) -> None:
    if person := rows[PERSONS].change(followee):
        person.follower_count += step
    if person := rows[PERSONS].change(follower):
        person.following_count += step


def _found_by(person: PersonCells) -> str:
    return as_vector(words_of(person.name, person.handle))


def _sealed(bio: str, account_id: UUID) -> str:
    return f"\\x{seal_bio(bio, account_id).hex()}"


_CHANGES: Final[dict[type, Callable[[Rows, Any], None]]] = {
    Account.Registered: _register,
    Account.GuestRegistered: _register_guest,
    Account.NameChosen: _choose_name,
    Account.ProfileChanged: _change_profile,
    Account.Protected: _protect,
    Account.Unprotected: _unprotect,
    Following.Followed: _follow,
    Following.Unfollowed: _unfollow,
    Blocking.Blocked: _block,
    Blocking.Unblocked: _unblock,
}
