"""The key store: one data key per room or account, wrapped by the master key."""

import base64
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from psycopg_pool import ConnectionPool

from spaces_project.kernel.database import open_pool

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
MOST_CACHED: Final = 10_000
GONE: Final = b""  # what is cached in place of a destroyed key
CACHE_S: Final = 60.0  # after a key is destroyed, no process can use it for longer than this


class KeyDestroyed(Exception):
    """The data key is gone, and with it all that it encrypted."""


class NoSuchKey(Exception):
    """There never was such a data key: an id was altered, or the key database is another one."""


class KeyStore:
    """Makes, keeps, finds and destroys data keys.

    :param master: 32 bytes that wrap each data key (AES-256-GCM, the key's id as associated data).
    """

    def __init__(self, pool: ConnectionPool, master: bytes) -> None:
        self._pool = pool
        self._master = AESGCM(master)
        self._cached: OrderedDict[UUID, tuple[bytes, float]] = OrderedDict()
        self._lock = threading.Lock()

    def for_writing(self, key_id: UUID) -> bytes:
        """Return a data key, made on first use; two processes that race get the same one.

        :raises KeyDestroyed: if there was one; it is not made again.
        """
        self.make([key_id])
        return self.for_reading(key_id)

    def make(self, key_ids: Iterable[UUID]) -> None:
        """Make the keys that do not exist yet, in one round trip."""
        missing = [k for k in dict.fromkeys(key_ids) if self._hit(k) is None]
        if not missing:
            return
        wrapped = [self._wrap(key_id, os.urandom(KEY_BYTES)) for key_id in missing]
        with self._pool.connection() as connection:
            connection.execute(
                "INSERT INTO data_keys (key_id, wrapped) SELECT * FROM"
                " unnest(%b::uuid[], %b::bytea[]) ON CONFLICT DO NOTHING",
                (missing, wrapped),
            )
        self._fetch(missing)

    def for_reading(self, key_id: UUID) -> bytes:
        """Return a data key.

        :raises KeyDestroyed: if it was destroyed.
        :raises NoSuchKey: if it was never made.
        """
        found = self._hit(key_id)
        if found is None:
            self._fetch([key_id])
            found = self._hit(key_id)
        if found is None:
            raise NoSuchKey(f"there is no key {key_id}")
        if found == GONE:
            raise KeyDestroyed(str(key_id))
        return found

    def prefetch(self, key_ids: Iterable[UUID]) -> None:
        """Bring many keys into the cache in one round trip."""
        missing = [k for k in set(key_ids) if self._hit(k) is None]
        if missing:
            self._fetch(missing)

    def destroy(self, key_id: UUID) -> None:
        """Destroy a data key: at once here, within a minute everywhere."""
        with self._pool.connection() as connection:
            connection.execute(
                "INSERT INTO data_keys (key_id, wrapped, destroyed_at) VALUES (%b, NULL, now())"
                " ON CONFLICT (key_id) DO UPDATE SET wrapped = NULL, destroyed_at = now()"
                " WHERE data_keys.wrapped IS NOT NULL",
                (key_id,),
            )
        with self._lock:
            self._cached.pop(key_id, None)

    def _fetch(self, key_ids: list[UUID]) -> None:
        with self._pool.connection() as connection:
            rows = connection.execute(
                "SELECT key_id, wrapped FROM data_keys WHERE key_id = ANY(%b)", (key_ids,)
            ).fetchall()
        until = time.monotonic() + CACHE_S
        with self._lock:
            for key_id, wrapped in rows:
                self._cached[key_id] = (self._unwrap(key_id, wrapped), until)
            while len(self._cached) > max(MOST_CACHED, len(rows)):
                self._cached.popitem(last=False)

    def _hit(self, key_id: UUID) -> bytes | None:
        with self._lock:
            found = self._cached.get(key_id)
            if found is None or found[1] < time.monotonic():
                return None
            self._cached.move_to_end(key_id)
            return found[0]

    def _wrap(self, key_id: UUID, key: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._master.encrypt(nonce, key, key_id.bytes)

    def _unwrap(self, key_id: UUID, wrapped: bytes | None) -> bytes:
        if wrapped is None:
            return GONE
        return self._master.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], key_id.bytes)


@cache
def key_store() -> KeyStore:
    """Return this process's key store."""
    return KeyStore(open_pool("keys", most=4), read_secret("master.key"))


def read_secret(name: str) -> bytes:
    """Return a secret of 32 bytes from the folder of secrets.

    :raises RuntimeError: a sentence that says what to do, if it is missing or malformed.
    """
    path = Path(settings.SECRETS_DIR) / name
    try:
        secret = base64.b64decode(path.read_text().strip(), validate=True)
    except (OSError, ValueError) as error:
        raise RuntimeError(
            f"{path} cannot be read ({error}); run ./spaces run once to make it, "
            "or restore it from your backup"
        ) from None
    if len(secret) != KEY_BYTES:
        raise RuntimeError(f"{path} must hold {KEY_BYTES} bytes in base64")
    return secret
