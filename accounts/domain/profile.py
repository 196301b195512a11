"""What a handle, a name and a bio may be."""

import re
import unicodedata
from typing import Final
from uuid import UUID

from accounts.domain.errors import (
    BioNotAllowed,
    HandleNotAllowed,
    NameNotAllowed,
    PasswordNotAllowed,
)

MOST_IN_A_NAME: Final = 50
MOST_IN_A_BIO: Final = 300
LEAST_IN_A_PASSWORD: Final = 8
MOST_IN_A_PASSWORD: Final = 200  # enough for any phrase, too little to make hashing a burden

GUEST: Final = "Guest"  # how everybody is called who has no name yet
GUESTS: Final = "guest-"  # how their handles begin: no handle that one can choose has a ``-``

# Words that a person could be mistaken for the house by, or that stand in our addresses.
# fmt: off
RESERVED: Final = frozenset({
    "about", "abuse", "account", "accounts", "admin", "administrator", "anonymous", "api",
    "everyone", "help", "me", "moderation", "moderator", "null", "official", "root", "security",
    "sign_in", "spaces", "staff", "support", "system", "undefined",
})
# fmt: on

_HANDLE: Final = re.compile(r"[a-z0-9_]{3,30}", re.ASCII)
# Controls, surrogates, private and unassigned places, line and paragraph separators.
_UNSEEN: Final = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
# These turn the direction of what stands around a name (Unicode TR 36, section 2.10).
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SEEN: Final = frozenset("LNPS")


def handle_of(text: str) -> str:
    """Return a handle as it is kept: in small letters.

    :raises HandleNotAllowed: with what is wrong.
    """
    handle = text.strip().lower() if text.isascii() else text
    if not _HANDLE.fullmatch(handle):
        raise HandleNotAllowed(
            errors=_at("handle", "Use 3 to 30 letters from a to z, digits and underscores.")
        )
    if handle in RESERVED:
        raise HandleNotAllowed(errors=_at("handle", "This word is reserved."))
    return handle


def guest_handle(account_id: UUID) -> str:
    """Return the handle of a guest: nobody else's, and of 62 bits of chance."""
    return f"{GUESTS}{account_id.hex[-16:]}"


def name_of(text: str) -> str:
    """Return a name in normal form (NFC), without blanks at its ends.

    :raises NameNotAllowed: with what is wrong.
    """
    name = unicodedata.normalize("NFC", text).strip()
    if not 1 <= len(name) <= MOST_IN_A_NAME:
        raise NameNotAllowed(errors=_at("name", f"Use 1 to {MOST_IN_A_NAME} characters."))
    if not _is_clean(name):
        raise NameNotAllowed(errors=_at("name", "Control characters cannot stand in a name."))
    if not any(unicodedata.category(letter)[0] in _SEEN for letter in name):
        raise NameNotAllowed(errors=_at("name", "Use at least one character that one can see."))
    return name


def bio_of(text: str) -> str:
    """Return a bio in normal form (NFC), without blanks at its ends.

    :raises BioNotAllowed: with what is wrong.
    """
    bio = unicodedata.normalize("NFC", text).strip()
    if len(bio) > MOST_IN_A_BIO:
        raise BioNotAllowed(errors=_at("bio", f"Use at most {MOST_IN_A_BIO} characters."))
    if not _is_clean(bio):
        raise BioNotAllowed(errors=_at("bio", "Control characters cannot stand in a bio."))
    return bio


def password_of(text: str, handle: str = "") -> str:
    """Return a password in normal form (NFC), so that every keyboard types the same.

    :raises PasswordNotAllowed: with what is wrong.
    """
    password = unicodedata.normalize("NFC", text)
    if not LEAST_IN_A_PASSWORD <= len(password) <= MOST_IN_A_PASSWORD:
        raise PasswordNotAllowed(
            errors=_at("password", f"Use {LEAST_IN_A_PASSWORD} to {MOST_IN_A_PASSWORD} characters.")
        )
    if password.lower() == handle:
        raise PasswordNotAllowed(errors=_at("password", "Use something else than the handle."))
    if not password.isprintable():
        raise PasswordNotAllowed(errors=_at("password", "Use printable characters only."))
    return password


def _is_clean(text: str) -> bool:
    return not any(letter in _TURNING or unicodedata.category(letter) in _UNSEEN for letter in text)


def _at(member: str, detail: str) -> list[dict[str, str]]:
    return [{"pointer": f"/{member}", "detail": detail}]
