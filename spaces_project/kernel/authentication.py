"""Who asks: one reading of tokens (JWT, RFC 7519) and keys for REST, sockets and media."""

import asyncio
import base64
import hmac
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Final
from uuid import UUID

import jwt
from django.db import close_old_connections

from spaces_project.kernel.ids import new_id, parse, public
from spaces_project.kernel.keys.secret_files import read_secret
from spaces_project.kernel.refusals import InvalidRequest, NotAllowed, NotAuthenticated
from spaces_project.kernel.revocations import is_revoked_now, revocations
from spaces_project.kernel.server_keys import FOR_ANYBODY, PREFIX, Grant, cupboard

ALGORITHM: Final = "HS256"
ISSUER: Final = "spaces"
AUDIENCE: Final = "spaces"
ACCOUNT: Final = "acc"
LONGEST_TOKEN: Final = 4096
EXPIRED: Final = "The token has expired; sign in again."
REVOKED: Final = "This was taken back; sign in again, or take another key."
WRONG_KEY: Final = "There is no such key, or it is good no more."
SESSION: Final = "jti"
HEADER: Final = "On-Behalf-Of"
MOST_KNOWN: Final = 10_000
STAFF: Final = "staff"
GUEST: Final = "guest"  # has no name yet; it stays in a token when the guest has chosen one
LEVELS: Final = "levels"  # the purpose of the secret that opens a media node's level stream


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a token or a key speaks for, and until when.

    ``credential`` is what may be revoked: a key's id, or a token's ``jti``. ``grant`` says what a
    key is limited to; a person who has signed in has none, and no limits.
    """

    account_id: UUID
    roles: frozenset[str]
    expires_at: datetime
    credential: UUID | None = None
    grant: Grant | None = None

    is_authenticated = True  # what Django and DRF ask of a user


# Whom tokens spoke for, by their SHA-256: what was verified once needs only its time looked at.
_known: dict[bytes, Identity] = {}
_used: set[UUID] = set()  # keys that were used since this was told


def issue_token(account_id: UUID, roles: frozenset[str], lifetime: timedelta) -> str:
    """Return a signed token for an account."""
    now = datetime.now(UTC)
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": public(ACCOUNT, account_id),
        "jti": public(SESSION, new_id()),
        "iat": now,
        "exp": now + lifetime,
        "roles": sorted(roles),
    }
    return jwt.encode(claims, _secret(), algorithm=ALGORITHM)


def identify(token: str) -> Identity:
    """Return whom a token, or a server's key, speaks for.

    What was verified once is looked up in memory. A key may ask the database, if it is new here or
    nobody watches what is revoked: on an event loop, await :func:`identified` instead.

    :raises NotAuthenticated: if it is malformed, forged, expired, revoked or for somebody else.
    """
    if len(token) > LONGEST_TOKEN:
        raise NotAuthenticated("This is too long for a token.")
    name = sha256(token.encode(errors="replace")).digest()
    is_key = token.startswith(PREFIX)
    identity = None if is_key and not revocations().is_fresh else _known.get(name)
    if identity is None:
        identity = _of_key(name) if is_key else _verified(token)
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[name] = identity
    if identity.expires_at <= datetime.now(UTC):
        raise NotAuthenticated(EXPIRED)
    if identity.credential in revocations():
        raise NotAuthenticated(REVOKED)
    if is_key and identity.credential is not None:
        _used.add(identity.credential)
    return identity


def found_before(token: str) -> Identity | None:
    """Return whom a token or key spoke for when it was last verified here; it asks nobody."""
    return _known.get(sha256(token.encode(errors="replace")).digest())


async def identified(token: str, on_behalf_of: str = "") -> Identity:
    """Return whom a token or a key speaks for, without holding up the event loop."""
    if not token.startswith(PREFIX):
        return on_behalf(identify(token), on_behalf_of)
    return await asyncio.to_thread(_identified, token, on_behalf_of)


def _identified(token: str, on_behalf_of: str) -> Identity:
    close_old_connections()
    return on_behalf(identify(token), on_behalf_of)


def on_behalf(identity: Identity, account: str) -> Identity:
    """Return who asks if a key says for whom it acts (``On-Behalf-Of``); itself, if not.

    :raises NotAllowed: if it is no key, or may not act for others.
    :raises InvalidRequest: if this is nobody.
    """
    if not account:
        return identity
    grant = identity.grant
    if grant is None or FOR_ANYBODY not in grant.scopes:
        raise NotAllowed(f"Only a key with the scope {FOR_ANYBODY} acts for others.")
    try:
        account_id = parse(ACCOUNT, account)
    except ValueError:
        account_id = None
    if account_id is None or not cupboard().has_account(account_id):
        raise InvalidRequest(f"{HEADER} must be the id of an account.")
    return replace(identity, account_id=account_id, grant=replace(grant, acts_for=account_id))


def sign_out(identity: Identity) -> None:
    """Make a token worthless before its time."""
    if identity.credential is not None:
        revocations().revoke(identity.credential, identity.expires_at)


def watch_credentials() -> None:
    """Follow what is revoked, in a process that lets people in."""
    revocations().also(_tell_used)
    revocations().watch()


def _tell_used() -> None:
    used = {_used.pop() for _ in range(len(_used))}
    if used:
        close_old_connections()
        cupboard().were_used(used)


def _of_key(digest: bytes) -> Identity:
    """Return whom a key speaks for; one of the operator without an account stands for itself.

    It is found by its SHA-256, so no comparison of secrets tells by its time how much of a guess
    was right.
    """
    found = cupboard().find(digest)
    if found is None or is_revoked_now(found.grant.key_id):
        raise NotAuthenticated(WRONG_KEY)
    key_id = found.grant.key_id
    account_id = found.grant.acts_for or key_id
    return Identity(account_id, frozenset(), found.expires_at, key_id, found.grant)


def _verified(token: str) -> Identity:
    try:
        claims = jwt.decode(
            token,
            _secret(),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"require": ["exp", "iat", "sub"]},
        )
        account_id = parse(ACCOUNT, claims["sub"])
        roles = frozenset(str(role) for role in claims.get("roles", ()))
    except jwt.ExpiredSignatureError:
        raise NotAuthenticated(EXPIRED) from None
    except (jwt.InvalidTokenError, ValueError, TypeError):
        raise NotAuthenticated("The token is not valid here; sign in again.") from None
    return Identity(
        account_id, roles, datetime.fromtimestamp(claims["exp"], UTC), _session(claims.get("jti"))
    )


def _session(text: object) -> UUID | None:
    try:
        return parse(SESSION, str(text))
    except ValueError:
        return None


def shared_secret(purpose: str) -> str:
    """Return what one process of ours shows to another: HMAC-SHA256 of a purpose, in base64."""
    return base64.b64encode(hmac.digest(_secret(), purpose.encode(), "sha256")).decode()


@cache
def _secret() -> bytes:
    return read_secret("token.key")
