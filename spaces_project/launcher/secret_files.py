"""The secrets that a fresh installation needs, made once and never overwritten.

``master.key`` wraps the data keys of the event log, ``token.key`` signs sign-in tokens,
``django.key`` is Django's own. Whoever loses ``master.key`` loses what people said.
"""

import base64
import contextlib
import os
import secrets
import stat
from pathlib import Path

from spaces_project.launcher.trouble import Trouble

NAMES = ("master.key", "token.key", "django.key")
KEY_BYTES = 32
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def ensure_secrets(folder: Path) -> None:
    """Make the secrets that are missing; refuse those that others may read."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in NAMES:
        path = folder / name
        if not path.exists():
            _create(path)
    for sentence in open_to_others(folder):
        raise Trouble(sentence)


def open_to_others(folder: Path) -> list[str]:
    """Name each secret that somebody else on this machine may read, with what to type."""
    return [
        f"{folder / name} may be read by others. Type: chmod 600 {folder / name}"
        for name in NAMES
        if (folder / name).exists() and (folder / name).stat().st_mode & OTHERS
    ]


def _create(path: Path) -> None:
    """Write a key so that it is there whole or not at all, and an older one always wins."""
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n"
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """A name is on disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
