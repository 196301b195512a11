"""What leaves a process for Redis is ciphertext: who and where is nobody's business there."""

import hmac
import os
from functools import cache
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from spaces_project.kernel.keys.secret_files import read_secret

NONCE_BYTES: Final = 12
PURPOSE: Final = b"signals"


def seal(said: list[Any]) -> bytes:
    """Encrypt what is said (AES-256-GCM): nonce, ciphertext, tag."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher().encrypt(nonce, orjson.dumps(said), PURPOSE)


def unseal(sealed: bytes) -> list[Any] | None:
    """Return what was said; None if it was not one of our processes that said it."""
    try:
        plain = _cipher().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], PURPOSE)
        said: list[Any] = orjson.loads(plain)
    except (InvalidTag, ValueError):
        return None
    return said


@cache
def channel() -> str:
    """Return the one Redis channel of this product: two of them may share a Redis."""
    return f"spaces:{hmac.digest(_secret(), PURPOSE, 'sha256').hex()[:16]}"


@cache
def _cipher() -> AESGCM:
    return AESGCM(hmac.digest(_secret(), b"sealed " + PURPOSE, "sha256"))


@cache
def _secret() -> bytes:
    return read_secret("token.key")
