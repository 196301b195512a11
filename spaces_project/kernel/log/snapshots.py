"""What long histories make, kept so that it need not be made from the beginning each time.

A snapshot is never a source of truth. It reads as absent when its key is destroyed, when it was
altered, and when any line of the code that made it has changed since: then the whole history is
folded once more, and a new one takes its place.
"""

import inspect
import logging
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec
import psycopg
from eventsourcing.persistence import PersistenceError

from spaces_project.kernel.encryption import Tampered, open_payload, seal_payload
from spaces_project.kernel.keys.store import KeyDestroyed

StateT = TypeVar("StateT", bound=msgspec.Struct)
Ask = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]
log = logging.getLogger(__name__)

# Folding so many events costs what reading and opening a snapshot does.
WORTH_KEEPING: Final = 100
# A milestone each so many events: a look at any moment folds no more than that, once they stand.
# A history of 50,000 has 25.
MILESTONE: Final = 2_000

_LATEST: Final = (
    "SELECT at, state FROM log_snapshots"
    " WHERE subject = %b AND split_part(kind, '@', 1) = %b AND code = %b AND at <= %b"
    " ORDER BY at DESC LIMIT 1"
)
# Nothing is lost with a snapshot that a crash takes back: the disk is not waited for.
_KEEP: Final = (
    "WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))"
    " INSERT INTO log_snapshots AS kept (subject, kind, at, code, state)"
    " SELECT %b, %b, %b, %b, %b FROM quick"
    " ON CONFLICT (subject, kind) DO UPDATE"
    " SET at = EXCLUDED.at, code = EXCLUDED.code, state = EXCLUDED.state"
    " WHERE kept.code <> EXCLUDED.code OR kept.at < EXCLUDED.at"
    " RETURNING at"
)
_encoder = msgspec.msgpack.Encoder(uuid_format="bytes")


class Snapshots:
    """Keeps of each kind for each subject the newest snapshot, and milestones on the way.

    :param ask: puts a question to the log's database.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def latest(self, kind: type[StateT], subject: UUID, until: int) -> StateT | None:
        """Return what a subject's history had made at most at ``until``; None if nobody knows."""
        name, code = _name(kind), code_of(kind)
        for at, state in self._ask(_LATEST, (subject, name, code, until)):
            try:
                plain = open_payload(state, _bound_to(subject, name, at, code))
                found: StateT = _decoder(kind).decode(plain)
                return found
            except KeyDestroyed:
                pass
            except (Tampered, msgspec.MsgspecError) as error:
                log.warning("a snapshot of %s (%s) is not used: %s", subject, name, error)
        return None

    def keep(
        self,
        state: msgspec.Struct,
        subject: UUID,
        at: int,
        key_id: UUID,
        *,
        is_milestone: bool = False,
    ) -> None:
        """Keep what a subject's history has made so far, if that is newer than what is kept.

        :param at: how far the history had come.
        :param key_id: the data key that seals it: that of the events it was made from.
        :param is_milestone: keep it beside newer ones, for looks into the past.

        Whatever prevents it is no concern of who asked: a snapshot is made again.
        """
        name, code = _name(type(state)), code_of(type(state))
        try:
            sealed = seal_payload(
                _encoder.encode(state), key_id, _bound_to(subject, name, at, code)
            )
            place = f"{name}@{at}" if is_milestone else name
            self._ask(_KEEP, (subject, place, at, code, sealed))
        except KeyDestroyed:
            pass
        except (PersistenceError, psycopg.Error) as error:  # of the log, or the keys
            log.warning("a snapshot of %s (%s) is not kept: %s", subject, name, error)


@cache
def code_of(kind: type) -> bytes:
    """Return a fingerprint of the code that makes a kind of state: that of its whole package."""
    digest = sha256()
    for source in sorted(Path(inspect.getfile(kind)).parent.rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.digest()[:16]


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _bound_to(subject: UUID, name: str, at: int, code: bytes) -> bytes:
    return subject.bytes + at.to_bytes(8, "big") + code + name.encode()


@cache
def _decoder(kind: type[StateT]) -> msgspec.msgpack.Decoder[StateT]:
    return msgspec.msgpack.Decoder(kind)
