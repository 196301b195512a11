"""Whether the databases have to be migrated before anything starts.

Asking Django costs a second; a fingerprint of the migration files costs a millisecond.
"""

import hashlib
import os
from pathlib import Path

from spaces_project.launcher.environment import PROJECT, Home
from spaces_project.launcher.postgres import Cluster

STAMP = "migrated"


def fingerprint(clusters: list[Cluster], project: Path = PROJECT) -> str | None:
    """Name the state that the embedded databases should be in.

    None when an operator's own database is used: we do not know who emptied it meanwhile.
    """
    if any(os.environ.get(name) for name in ("DATABASE_URL", "KEYS_DATABASE_URL")):
        return None
    digest = hashlib.sha256()
    for cluster in clusters:
        digest.update(cluster.identity.encode())
    for path in sorted(_files(project)):
        digest.update(f"{path.relative_to(project)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_migrated(home: Home, wanted: str | None) -> bool:
    """Whether the last successful migration led to this state."""
    stamp = home.run / STAMP
    return wanted is not None and stamp.exists() and stamp.read_text("ascii") == wanted


def remember(home: Home, reached: str | None) -> None:
    """Keep the state that was reached."""
    if reached is not None:
        (home.run / STAMP).write_text(reached, "ascii")


def _files(project: Path) -> list[Path]:
    """Every migration, with the SQL beside it, and the libraries that bring their own."""
    apps = [path for path in project.iterdir() if (path / "__init__.py").exists()]
    inside = [
        path
        for app in apps
        for path in app.rglob("migrations/**/*")
        if path.suffix in {".py", ".sql"}
    ]
    commands = list(project.glob("*/management/commands/migrate_all.py"))
    return [*inside, *commands, project / "requirements.txt"]
