"""gunicorn with threads, beside our own pool of threads: the same Django, another server."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.trouble import Trouble

GUNICORN: Final = "27.0.1"
THREADS: Final = 4  # as many as our pool has
CACHE: Final = PROJECT / "var" / "bench" / "rest"


def ensure_gunicorn() -> Path:
    """Install gunicorn where it is missing; return the folder to import it from.

    :raises Trouble: if pip cannot.
    """
    folder = CACHE / f"gunicorn-{GUNICORN}"
    if not (folder / "gunicorn").is_dir():
        wanted = f"gunicorn=={GUNICORN}"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder)]
        said = subprocess.run([*command, wanted], capture_output=True, text=True, check=False)
        if said.returncode != 0:
            raise Trouble(f"pip cannot install {wanted}: {said.stderr.strip()[-300:]}")
    return folder


def gunicorn_command(port: int) -> list[str]:
    """Return how one process with threads is started on the product's WSGI application."""
    return [
        sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--workers", "1",
        "--threads", str(THREADS), "--keep-alive", "60", "--backlog", "4096",
        "--bind", f"127.0.0.1:{port}", "--no-control-socket", "--log-level", "error",
        "spaces_project.wsgi:application",
    ]  # fmt: skip
