"""Who asks: one reading of tokens for REST, sockets and media (JWT, RFC 7519)."""

import base64
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Final
from uuid import UUID

import jwt

from spaces_project.kernel.ids import new_id, parse, public
from spaces_project.kernel.keys.secret_files import read_secret
from spaces_project.kernel.refusals import NotAuthenticated

ALGORITHM: Final = "HS256"
ISSUER: Final = "spaces"
AUDIENCE: Final = "spaces"
ACCOUNT: Final = "acc"
LONGEST_TOKEN: Final = 4096
EXPIRED: Final = "The token has expired; sign in again."
MOST_KNOWN: Final = 10_000
STAFF: Final = "staff"
LEVELS: Final = "levels"  # the purpose of the secret that opens a media node's level stream


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a token speaks for, and until when."""

    account_id: UUID
    roles: frozenset[str]
    expires_at: datetime

    is_authenticated = True  # what Django and DRF ask of a user


# Whom tokens spoke for, by their SHA-256: what was verified once needs only its time looked at.
_known: dict[bytes, Identity] = {}


def issue_token(account_id: UUID, roles: frozenset[str], lifetime: timedelta) -> str:
    """Return a signed token for an account."""
    now = datetime.now(UTC)
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": public(ACCOUNT, account_id),
        "jti": public("jti", new_id()),
        "iat": now,
        "exp": now + lifetime,
        "roles": sorted(roles),
    }
    return jwt.encode(claims, _secret(), algorithm=ALGORITHM)


def identify(token: str) -> Identity:
    """Return whom a token speaks for.

    :raises NotAuthenticated: if it is malformed, forged, expired or meant for somebody else.
    """
    if len(token) > LONGEST_TOKEN:
        raise NotAuthenticated("This is too long for a token.")
    name = sha256(token.encode(errors="replace")).digest()
    identity = _known.get(name)
    if identity is None:
        identity = _verified(token)
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[name] = identity
    elif identity.expires_at <= datetime.now(UTC):
        raise NotAuthenticated(EXPIRED)
    return identity


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
    return Identity(account_id, roles, datetime.fromtimestamp(claims["exp"], UTC))


def shared_secret(purpose: str) -> str:
    """Return what one process of ours shows to another: HMAC-SHA256 of a purpose, in base64."""
    return base64.b64encode(hmac.digest(_secret(), purpose.encode(), "sha256")).decode()


@cache
def _secret() -> bytes:
    return read_secret("token.key")
