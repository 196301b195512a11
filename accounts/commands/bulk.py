"""Followers in bulk: for hosts who bring their audience along, and for the demo."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from eventsourcing.persistence import RecordConflictError

from accounts import queries
from accounts.commands.people import existing_account
from accounts.domain.account import Account
from accounts.domain.following import Following
from accounts.domain.profile import handle_of
from accounts.streams import following_stream, handle_stream
from spaces_project.kernel.clock import now
from spaces_project.kernel.entity import NIL, Entity
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.keys.store import key_store
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.refusals import Contended

BATCH: Final = 500
ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: accounts made, people who follow now, people who did before."""

    created: int = 0
    followed: int = 0
    skipped: int = 0

    def __add__(self, other: "Imported") -> "Imported":
        return Imported(
            self.created + other.created,
            self.followed + other.followed,
            self.skipped + other.skipped,
        )


def import_followers(
    host_id: UUID,
    people: Iterable[tuple[str, str]],
    on_batch: Callable[[Imported], None] | None = None,
) -> Imported:
    """Make each person follow the host; who has no account yet gets one without a password.

    A batch is one save: whole or not at all. A second run does what the first did not.

    :param people: handles and names.
    :param on_batch: hears after each batch what was done so far.
    :raises Refusal: if a handle or a name is not allowed; that batch is not imported.
    """
    host = existing_account(host_id)
    done = Imported()
    for batch in _batches(people):
        done += _import_batch(host, batch)
        if on_batch:
            on_batch(done)
    return done


def _batches(people: Iterable[tuple[str, str]]) -> Iterator[dict[str, str]]:
    fresh: set[str] = set()
    remaining = iter(people)
    while taken := list(itertools.islice(remaining, BATCH)):
        batch = {handle_of(handle): name for handle, name in taken}
        yield {handle: name for handle, name in batch.items() if handle not in fresh}
        fresh.update(batch)


def _import_batch(host: Account, batch: dict[str, str]) -> Imported:
    # The view only says where to look first; whether a handle is taken is the log's to say.
    taken = set(queries.people_by_handle(batch))
    for _ in range(ATTEMPTS):
        try:
            return _append_batch(host, batch, taken)
        except RecordConflictError:
            taken = set(batch)
    raise Contended


def _append_batch(host: Account, batch: dict[str, str], taken: set[str]) -> Imported:
    owners = {handle: event_log().fill(handle_stream(handle)) for handle in batch.keys() & taken}
    known = [handle.account_id for handle in owners.values() if handle.version]
    new = {
        Account(new_id()): (handle, name)
        for handle, name in batch.items()
        if handle not in owners or not owners[handle].version
    }
    key_store().make(account.id for account in new)
    joined = [entity for account in new for entity in _join(account, host, *new[account])]
    followed = [following for owner in known if (following := _follow(owner, host))]
    if joined or followed:
        event_log().append(*joined, *followed)
    follows = len(new) + len(followed)
    return Imported(len(new), follows, len(batch) - follows)


def _join(account: Account, host: Account, handle: str, name: str) -> tuple[Entity, ...]:
    at = now()
    account.register(handle, name, at)
    claimed = handle_stream(account.handle)
    claimed.claim(account.id, at)
    following = following_stream(account.id, host.id)
    following.follow(at)
    return account, claimed, following


def _follow(owner: UUID, host: Account) -> Following | None:
    if owner in (NIL, host.id):  # forgotten, or the host's own handle in the list
        return None
    following = event_log().fill(following_stream(owner, host.id))
    if following.version:
        return None  # they follow, or have decided otherwise since
    following.follow(now())
    return following
