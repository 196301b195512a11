"""Commands that run one after the other, each with its time, until one fails."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.trouble import Trouble

BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Stage:
    """One command of a longer check."""

    name: str
    command: Sequence[str]
    also_fine: frozenset[int] = frozenset()


def tool(name: str) -> str:
    """A program of the virtual environment."""
    path = BIN / name
    if not path.exists():
        raise Trouble(f"{name} is not installed. Start it with: ./spaces test")
    return str(path)


def run_stages(stages: Sequence[Stage], extra: Mapping[str, str] | None = None) -> int:
    """Run the stages and say how long each took; the first failure ends it."""
    took: list[str] = []
    for stage in stages:
        _print(f"\n== {stage.name}")
        started = time.monotonic()
        code = subprocess.run(
            stage.command, cwd=PROJECT, env={**os.environ, **(extra or {})}, check=False
        ).returncode
        elapsed = time.monotonic() - started
        took.append(f"{stage.name} {elapsed:.1f} s")
        if code != 0 and code not in stage.also_fine:
            _print(f"\n== {stage.name} failed after {elapsed:.1f} s")
            return code if code > 0 else 1
    _print(f"\n== all fine: {', '.join(took)}")
    return 0


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
