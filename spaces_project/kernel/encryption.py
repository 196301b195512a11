"""What is written down is encrypted first.

Payloads of events: an envelope ``version (1) | key id (16) | nonce (12) | ciphertext and tag``,
AES-256-GCM (NIST SP 800-38D), bound by associated data to the event's stream, version and topic,
so that a ciphertext moved to another event does not open.

Texts in read models: AES-SIV (RFC 5297), deterministic, so that a rebuilt view is the same to the
byte, bound to where the text stands.
"""

import hmac
import os
from collections.abc import Set as AbstractSet
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

from spaces_project.kernel.keys.store import NONCE_BYTES, KeyDestroyed, NoSuchKey, key_store

ENVELOPE: Final = b"\x01"
HEAD_BYTES: Final = 1 + 16
BODY_AT: Final = HEAD_BYTES + NONCE_BYTES


class Tampered(Exception):
    """Stored bytes are not what was once stored here."""


def seal_payload(plain: bytes, key_id: UUID, bound_to: bytes) -> bytes:
    """Encrypt an event's payload under a data key."""
    nonce = os.urandom(NONCE_BYTES)
    store = key_store()
    store.make((key_id,))
    return b"".join(
        (ENVELOPE, key_id.bytes, nonce, store.cipher(key_id).encrypt(nonce, plain, bound_to))
    )


def key_of(envelope: bytes) -> UUID:
    """Return the id of the key that an envelope names.

    :raises Tampered: if it is no envelope.
    """
    if envelope[:1] != ENVELOPE or len(envelope) < BODY_AT:
        raise Tampered("not an envelope of version 1")
    return UUID(bytes=envelope[1:HEAD_BYTES])


def openers(heads: AbstractSet[bytes]) -> dict[bytes, AESGCM]:
    """Return the ciphers that open envelopes, by their heads, in at most one round trip.

    A head is what stands before the nonce: ``HEAD_BYTES`` with version and key id.

    What is left out has no usable key: :func:`open_payload` says why.
    """
    prefix = len(ENVELOPE)
    named = {h[prefix:]: h for h in heads if h.startswith(ENVELOPE) and len(h) == HEAD_BYTES}
    found = key_store().ciphers(named.keys())
    return {named[key_id]: cipher for key_id, cipher in found.items() if cipher is not None}


def open_payload(envelope: bytes, bound_to: bytes) -> bytes:
    """Decrypt an event's payload.

    :raises KeyDestroyed: if the key is gone.
    :raises Tampered: if the bytes, or where they stand, were altered.
    """
    try:
        cipher = key_store().cipher(key_of(envelope))
    except NoSuchKey as error:
        raise Tampered(str(error)) from None
    try:
        return cipher.decrypt(envelope[HEAD_BYTES:BODY_AT], envelope[BODY_AT:], bound_to)
    except InvalidTag:
        raise Tampered("the ciphertext does not belong here") from None


def seal_text(text: str, key_id: UUID, place: str) -> bytes:
    """Encrypt a text for a read model; ``place`` names table and column."""
    store = key_store()
    store.make((key_id,))
    siv = AESSIV(store.derived(key_id, b"views", 64))
    return siv.encrypt(text.encode(), [place.encode(), key_id.bytes])


def open_text(sealed: bytes, key_id: UUID, place: str) -> str | None:
    """Decrypt a text of a read model; None if its key is gone.

    :raises Tampered: if the bytes were altered or stand elsewhere.
    """
    try:
        siv = AESSIV(key_store().derived(key_id, b"views", 64))
    except KeyDestroyed:
        return None
    except NoSuchKey as error:
        raise Tampered(f"{place}: {error}") from None
    try:
        return siv.decrypt(bytes(sealed), [place.encode(), key_id.bytes]).decode()
    except InvalidTag:
        raise Tampered(f"{place} of {key_id} was altered") from None


def pseudonym(key_id: UUID, name: bytes) -> UUID:
    """Return a stable identifier (UUID version 8) that only the holder of the key can derive.

    HMAC-SHA256 under a key derived from the data key (RFC 9562, section 5.8 leaves the bits to
    us): once the key is destroyed, nobody can test a guess of the name against it.
    """
    store = key_store()
    store.make((key_id,))
    derived = store.derived(key_id, b"pseudonyms", 32)
    value = int.from_bytes(hmac.digest(derived, name, "sha256")[:16], "big")
    value = value & ~(0xF << 76) | 8 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    return UUID(int=value)
