"""``./spaces doctor``: is this machine fit, and what to do if not."""

import argparse
import sys

from spaces_project.launcher.examinations import EXAMINATIONS, Verdict
from spaces_project.launcher.trouble import Trouble

SUMMARY = "look for what is wrong and say what to do"
DESCRIPTION = """\
Looks at Python, ports, disk, memory, fsync, the browser and the voice of the tests, the
embedded PostgreSQL, the secrets, and, while Spaces runs, the databases and the followers.
Each line says ok, warn or fail; the command fails when a line does."""
COLOURS = {Verdict.OK: 32, Verdict.WARN: 33, Verdict.FAIL: 31}


def configure(_parser: argparse.ArgumentParser) -> None:
    """Nothing may follow."""


def main(_arguments: argparse.Namespace) -> int:
    """Examine everything; an examination that breaks is itself a finding."""
    worst = 0
    for name, examine in EXAMINATIONS.items():
        try:
            verdict, sentence = examine()
        except Trouble as trouble:
            verdict, sentence = Verdict.WARN, str(trouble)
        except Exception as error:  # noqa: BLE001 the other examinations must still be made
            verdict, sentence = Verdict.FAIL, f"{type(error).__name__}: {error}"
        worst = max(worst, verdict is Verdict.FAIL)
        sys.stdout.write(f"{_label(verdict)}  {name:<12}{sentence}\n")
        sys.stdout.flush()
    return worst


def _label(verdict: Verdict) -> str:
    text = f"{verdict.value:<4}"
    return f"\x1b[{COLOURS[verdict]}m{text}\x1b[0m" if sys.stdout.isatty() else text
