"""Signatures of Standard Webhooks: who receives can tell that it was us, and when."""

import base64
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

SECRET_BYTES: Final = 32
SECRET: Final = "whsec_"  # noqa: S105 - what stands before one
VERSION: Final = "v1"


def new_secret() -> str:
    """Return a new secret: ``whsec_`` and 32 random bytes in base64."""
    return SECRET + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return ``v1,`` and the HMAC-SHA256 of ``id.timestamp.body`` in base64."""
    key = base64.b64decode(secret.removeprefix(SECRET))
    signed = b"%b.%d.%b" % (message_id.encode(), timestamp, body)
    return f"{VERSION},{base64.b64encode(hmac.digest(key, signed, 'sha256')).decode()}"


def signed_headers(
    secrets_now: Sequence[str], message_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """Return the headers of a delivery, with a signature by each secret that is good now.

    :param timestamp: Unix seconds of this attempt.
    """
    signatures = [signature(each, message_id, timestamp, body) for each in secrets_now]
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
