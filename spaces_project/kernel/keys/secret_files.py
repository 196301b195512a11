"""Secrets that live in files, in no database."""

import base64
from pathlib import Path
from typing import Final

from django.conf import settings

SECRET_BYTES: Final = 32


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
    if len(secret) != SECRET_BYTES:
        raise RuntimeError(f"{path} must hold {SECRET_BYTES} bytes in base64")
    return secret
