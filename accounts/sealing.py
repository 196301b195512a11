"""Bios in tables: encrypted under the key of their account."""

from typing import Final
from uuid import UUID

from spaces_project.kernel.encryption import open_text, seal_text

BIO: Final = "accounts_person.sealed_bio"


def seal_bio(bio: str, account_id: UUID) -> bytes:
    """Return a bio as it stands in its row; an empty one needs no key and no time."""
    return seal_text(bio, account_id, BIO) if bio else b""


def open_bio(sealed: bytes, account_id: UUID) -> str:
    """Return the bio in a row; empty if its key is gone."""
    return (open_text(sealed, account_id, BIO) or "") if sealed else ""
