"""Identifiers: sortable inside, readable outside.

Inside, an identifier is a UUID version 7 (RFC 9562, section 5.7): it sorts by the time it was
made. Outside it is a type prefix and 26 characters of Crockford base32, as TypeID does it:
``room_01k9z...``.
"""

import os
import time
from functools import lru_cache
from typing import Final
from uuid import UUID

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES: Final = {letter: value for value, letter in enumerate(ALPHABET)}
_LENGTH: Final = 26


def new_id() -> UUID:
    """Return a new UUID version 7: 48 bits of Unix milliseconds, then chance."""
    milliseconds = time.time_ns() // 1_000_000
    chance = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (1 << 48) - 1) << 80 | chance
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    return UUID(int=value)


@lru_cache(maxsize=8192)  # who is spoken of once is spoken of again
def public(prefix: str, identifier: UUID) -> str:
    """Return the form that people and clients see, e.g. ``room_01h455vb4pex5vsknk084sn02q``."""
    value = identifier.int
    letters = [ALPHABET[value >> shift & 31] for shift in range(125, -1, -5)]
    return f"{prefix}_{''.join(letters)}"


def parse(prefix: str, text: str) -> UUID:
    """Return the UUID behind a public identifier.

    :raises ValueError: if the text is not an identifier of this kind.
    """
    head, _, tail = text.partition("_")
    if head != prefix or len(tail) != _LENGTH or tail[0] > "7":
        raise ValueError(f"{text[:60]!r} is not a {prefix}_… identifier")
    value = 0
    try:
        for letter in tail:
            value = value << 5 | _VALUES[letter]
    except KeyError:
        raise ValueError(f"{text[:60]!r} is not a {prefix}_… identifier") from None
    return UUID(int=value)
