"""The key store: one data key per room or account, wrapped by the master key."""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, LiteralString, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from psycopg import OperationalError
from psycopg_pool import ConnectionPool, PoolTimeout

from spaces_project.kernel.database import open_pool
from spaces_project.kernel.keys.secret_files import read_secret
from spaces_project.kernel.once import once

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
MOST_CACHED: Final = 10_000
GONE: Final = b""  # what is cached in place of a destroyed key
CACHE_S: Final = 60.0  # after a key is destroyed, no process can use it for longer than this
SWEEP_S: Final = 5.0

_FETCH: Final = "SELECT key_id, wrapped FROM data_keys WHERE key_id = ANY(%b)"
_MAKE: Final = (
    "WITH made AS (INSERT INTO data_keys (key_id, wrapped) SELECT * FROM"
    " unnest(%b::uuid[], %b::bytea[]) ON CONFLICT DO NOTHING RETURNING key_id, wrapped)"
    " SELECT key_id, wrapped FROM made"
    " UNION ALL SELECT key_id, wrapped FROM data_keys WHERE key_id = ANY(%b)"
)
_DESTROY: Final = (
    "INSERT INTO data_keys (key_id, wrapped, destroyed_at) VALUES (%b, NULL, now())"
    " ON CONFLICT (key_id) DO UPDATE SET wrapped = NULL, destroyed_at = now()"
    " WHERE data_keys.wrapped IS NOT NULL RETURNING key_id, wrapped"
)


class KeyDestroyed(Exception):
    """The data key is gone, and with it all that it encrypted."""


class NoSuchKey(Exception):
    """There never was such a data key: an id was altered, or the key database is another one."""


class Held(NamedTuple):
    """A data key as a process has it at hand: the key, what is made from it, and until when."""

    key: bytes
    cipher: AESGCM | None
    until: float  # time.monotonic()
    derived: dict[bytes, bytes]  # by purpose


class KeyStore:
    """Makes, keeps, finds and destroys data keys.

    :param master: 32 bytes that wrap each data key (AES-256-GCM, the key's id as associated data).
    """

    def __init__(self, pool: ConnectionPool, master: bytes) -> None:
        self._pool = pool
        self._master = AESGCM(master)
        # By the bytes of their ids, the oldest first. Looking is a single step, which no lock
        # has to guard; whoever changes it holds the lock.
        self._cached: OrderedDict[bytes, Held] = OrderedDict()
        self._swept_at = 0.0
        self._lock = threading.Lock()

    def for_writing(self, key_id: UUID) -> bytes:
        """Return a data key, made on first use; two processes that race get the same one.

        :raises KeyDestroyed: if there was one; it is not made again.
        """
        self.make([key_id])
        return self.for_reading(key_id)

    def make(self, key_ids: Iterable[UUID]) -> None:
        """Make the keys that do not exist yet, in one round trip; they are durable then."""
        missing = [k for k in dict.fromkeys(key_ids) if self._hit(k.bytes) is None]
        if not missing:
            return
        wrapped = [self._wrap(key_id, os.urandom(KEY_BYTES)) for key_id in missing]
        self._ask(_MAKE, (missing, wrapped, missing))
        # Whoever made one while the statement ran was not seen by it.
        self.prefetch(missing)

    def for_reading(self, key_id: UUID) -> bytes:
        """Return a data key.

        :raises KeyDestroyed: if it was destroyed.
        :raises NoSuchKey: if it was never made.
        """
        return self._held(key_id).key

    def cipher(self, key_id: UUID) -> AESGCM:
        """Return the cipher of a data key; raises as :meth:`for_reading`."""
        cipher = self._held(key_id).cipher
        assert cipher is not None
        return cipher

    def derived(self, key_id: UUID, purpose: bytes, length: int) -> bytes:
        """Return a key that is made from a data key for one purpose, and forgotten with it.

        :param length: in bytes, the same for each use of a purpose.

        HKDF with SHA-256 (RFC 5869). Raises as :meth:`for_reading`.
        """
        held = self._held(key_id)
        found = held.derived.get(purpose)
        if found is None:
            made = HKDF(SHA256(), length, salt=None, info=b"spaces " + purpose)
            found = held.derived[purpose] = made.derive(held.key)
        return found

    def prefetch(self, key_ids: Iterable[UUID]) -> None:
        """Bring many keys into the cache in one round trip."""
        missing = [k for k in set(key_ids) if self._hit(k.bytes) is None]
        if missing:
            self._ask(_FETCH, (missing,))

    def ciphers(self, key_ids: AbstractSet[bytes]) -> dict[bytes, AESGCM | None]:
        """Return the ciphers of keys by the bytes of their ids, in at most one round trip.

        A destroyed key's is None; a key that was never made is left out.
        """
        found = {key_id: self._hit(key_id) for key_id in key_ids}
        missing = [UUID(bytes=key_id) for key_id, held in found.items() if held is None]
        if missing:
            self._ask(_FETCH, (missing,))
            found |= {key_id.bytes: self._hit(key_id.bytes) for key_id in missing}
        return {key_id: held.cipher for key_id, held in found.items() if held is not None}

    def is_at_hand(self, key_id: UUID) -> bool:
        """Tell whether a key can be used without asking for it: known, and not destroyed."""
        held = self._hit(key_id.bytes)
        return held is not None and held.cipher is not None

    def destroy(self, key_id: UUID) -> None:
        """Destroy a data key: at once here, within a minute everywhere."""
        self._ask(_DESTROY, (key_id,))
        with self._lock:
            self._keep(key_id.bytes, Held(GONE, None, time.monotonic() + CACHE_S, {}))

    def _held(self, key_id: UUID) -> Held:
        held = self._hit(key_id.bytes)
        if held is None:
            self._ask(_FETCH, ([key_id],))
            held = self._hit(key_id.bytes)
        if held is None:
            raise NoSuchKey(f"there is no key {key_id}")
        if held.cipher is None:
            raise KeyDestroyed(str(key_id))
        return held

    def _hit(self, key_id: bytes) -> Held | None:
        held = self._cached.get(key_id)
        return held if held is not None and held.until >= time.monotonic() else None

    def _ask(self, question: LiteralString, arguments: Sequence[object]) -> None:
        """Ask the database for keys and keep what it answers.

        :raises psycopg.OperationalError: if it cannot be reached, also by a new connection.
        """
        asked_at = time.monotonic()
        try:
            rows = self._rows(question, arguments)
        except PoolTimeout:
            raise
        except OperationalError:  # every question may be asked twice
            self._pool.check()  # a server that was restarted leaves dead connections
            rows = self._rows(question, arguments)
        with self._lock:
            self._sweep(asked_at)
            for key_id, wrapped in rows:
                key = self._unwrap(key_id, wrapped)
                cipher = AESGCM(key) if key else None
                self._keep(key_id.bytes, Held(key, cipher, asked_at + CACHE_S, {}))
            while len(self._cached) > max(MOST_CACHED, len(rows)):
                self._cached.popitem(last=False)

    def _rows(
        self, question: LiteralString, arguments: Sequence[object]
    ) -> list[tuple[UUID, bytes | None]]:
        with self._pool.connection() as connection:
            return connection.execute(question, arguments, binary=True).fetchall()

    def _keep(self, key_id: bytes, held: Held) -> None:
        known = self._cached.pop(key_id, None)
        if known is not None and known.cipher is None and held.cipher is not None:
            held = known  # read before it was destroyed here; a key never comes back
        self._cached[key_id] = held

    def _sweep(self, now: float) -> None:
        if now > self._swept_at + SWEEP_S:
            self._swept_at = now
            for key_id in [k for k, held in self._cached.items() if held.until < now]:
                del self._cached[key_id]

    def _wrap(self, key_id: UUID, key: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._master.encrypt(nonce, key, key_id.bytes)

    def _unwrap(self, key_id: UUID, wrapped: bytes | None) -> bytes:
        if wrapped is None:
            return GONE
        return self._master.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], key_id.bytes)


@once
def key_store() -> KeyStore:
    """Return this process's key store."""
    return KeyStore(open_pool("keys", most=4), read_secret("master.key"))


_of_the_parent: list[KeyStore] = []  # kept: whoever collects it would hang up on the parent


def _begin_anew() -> None:
    if key_store.is_made:
        _of_the_parent.append(key_store())
        key_store.forget()


os.register_at_fork(after_in_child=_begin_anew)
