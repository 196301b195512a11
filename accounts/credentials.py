"""Passwords, one-time codes and roles: secrets that no event holds."""

import hashlib
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction

from accounts.domain.errors import CodeSpent
from accounts.models import Credential, SignInCode
from spaces_project.kernel.authentication import STAFF

CODE_BYTES: Final = 32
CODE_LIVES: Final = timedelta(hours=24)
NO_PASSWORD: Final = ""
NAMINGS: Final = 8819  # the namespace of our advisory locks; that of the queues is before it


def keep_first_password(account_id: UUID, password: str | None) -> None:
    """Keep the password of an account that is about to be registered, once.

    It stands here before the account is in the log: whoever has a handle can sign in, whatever
    breaks between the two. A row without an account opens nothing, because no handle leads to it.
    """
    if password is not None and not Credential.objects.filter(account_id=account_id).exists():
        Credential.objects.create(account_id=account_id, password_hash=make_password(password))


@contextmanager
def changing(account_id: UUID) -> Iterator[None]:
    """Let nobody else into this block for the same account, in whatever process.

    It is no transaction: what is written inside stands at once.
    """
    lock = (NAMINGS, str(account_id))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", lock)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", lock)


def forget(account_id: UUID) -> None:
    """Forget the password of an account that was not registered after all."""
    Credential.objects.filter(account_id=account_id).delete()


def change_password(account_id: UUID, password: str) -> None:
    """Replace a password, or give the first one."""
    Credential.objects.update_or_create(
        account_id=account_id, defaults={"password_hash": make_password(password)}
    )


def password_fits(account_id: UUID, password: str) -> bool:
    """Tell whether it is the account's password, in the same time for every account.

    An account that does not exist, or has no password, costs the same hashing.
    """
    kept = Credential.objects.filter(account_id=account_id).first()
    known = kept.password_hash if kept else NO_PASSWORD
    fits = check_password(unicodedata.normalize("NFC", password), known or _hash_of_nothing())
    return fits and bool(known)


def roles_of(account_id: UUID) -> frozenset[str]:
    """Return the roles that an account's tokens carry."""
    is_staff = Credential.objects.filter(account_id=account_id, is_staff=True).exists()
    return frozenset({STAFF}) if is_staff else frozenset()


def set_staff(account_id: UUID, is_staff: bool) -> None:
    """Make an account a staff account, or an ordinary one again."""
    Credential.objects.update_or_create(
        account_id=account_id,
        defaults={"is_staff": is_staff},
        create_defaults={"is_staff": is_staff, "password_hash": NO_PASSWORD},
    )


def issue_code(account_id: UUID, at: datetime) -> str:
    """Return a new one-time code; only its digest is kept."""
    code = secrets.token_urlsafe(CODE_BYTES)
    with transaction.atomic():
        SignInCode.objects.filter(expires_at__lte=at).delete()
        SignInCode.objects.create(
            digest=_digest(code), account_id=account_id, expires_at=at + CODE_LIVES
        )
    return code


def spend_code(code: str, at: datetime) -> UUID:
    """Return whose code it is, and make it worthless.

    :raises CodeSpent: if it is unknown, used or too old.
    """
    with transaction.atomic():
        found = SignInCode.objects.select_for_update().filter(digest=_digest(code)).first()
        if found is None:
            raise CodeSpent
        found.delete()
    if found.expires_at <= at:
        raise CodeSpent
    return found.account_id


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


@cache
def _hash_of_nothing() -> str:
    return make_password(secrets.token_urlsafe(CODE_BYTES))
