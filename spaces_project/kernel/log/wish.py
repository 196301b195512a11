"""What a client wishes, told apart from what it wished before: the idempotency of commands."""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Final
from uuid import UUID, uuid4, uuid5

from spaces_project.kernel.keys.secret_files import read_secret
from spaces_project.kernel.log.grounds import current_grounds
from spaces_project.kernel.refusals import VersionMismatch

COMMANDS: Final = UUID("6c0b6f3e-6a51-5d0c-8f5e-2f3f9a3f6c11")
INNER: Final = b"inner"


@dataclass(frozen=True, slots=True)
class Wish:
    """One command's id, and the fingerprint of what it asked for.

    Under a wish with ``several`` more than one command may be carried out: each gets an id of its
    own, made from what it asks, so that a repetition which begins elsewhere takes no other
    command's receipt for its own.
    """

    command_id: UUID = field(default_factory=uuid4)
    fingerprint: bytes = b""
    several: bool = False

    @property
    def may_be_a_retry(self) -> bool:
        """True if the client gave the id, so that it may have been carried out already."""
        return bool(self.fingerprint)


_current: ContextVar[Wish | None] = ContextVar("wish", default=None)


def current_wish() -> Wish:
    """Return the wish that is being carried out; outside of one, a new one."""
    return _current.get() or Wish()


def take_wish(command: str, args: Sequence[object], kwargs: Mapping[str, object]) -> Wish:
    """Return the wish given by the edge; an inner command gets a wish of its own.

    :param command: its name, which with its arguments is the same in every repetition.
    """
    wish = _current.get()
    if wish is None:
        return Wish()
    if wish.several or current_grounds() is not None:
        asked = f"{command} {args} {sorted(kwargs.items())}"
        # A repetition, too: who decides again asks the inner command once more.
        return Wish(uuid5(wish.command_id, asked), wish.fingerprint or INNER)
    _current.set(None)
    return wish


@contextmanager
def carrying_out(wish: Wish) -> Iterator[None]:
    """Append under this wish inside the block."""
    token = _current.set(wish)
    try:
        yield
    finally:
        _current.reset(token)


_expected: ContextVar[int | None] = ContextVar("expected_version", default=None)


@contextmanager
def expecting_version(version: int | None) -> Iterator[None]:
    """Let the append inside the block succeed only on this version of the first entity."""
    token = _expected.set(version)
    try:
        yield
    finally:
        _expected.reset(token)


def check_expected_version(version: int) -> None:
    """Refuse if the client decided on another version than the current one.

    :raises VersionMismatch: with the current version.
    """
    expected = _expected.get()
    if expected is not None and expected != version:
        raise VersionMismatch(current_version=version)


@contextmanager
def idempotent(scope: str, key: str, body: bytes) -> Iterator[None]:
    """Carry out the command inside the block at most once for this scope and key.

    :param scope: who asks and where, so that nobody gets another's answer.
    :param body: what is asked; the same key with another body is refused.
    """
    with carrying_out(Wish(uuid5(COMMANDS, f"{scope}\n{key}"), _fingerprint(body))):
        yield


def _fingerprint(body: bytes) -> bytes:
    # Keyed: receipts stand in plain tables and backups, and a bare hash of a registration would
    # let anybody who reads them try passwords at full speed.
    return hmac.digest(_secret(), b"wish\n" + body, "sha256")


@cache
def _secret() -> bytes:
    return read_secret("token.key")
