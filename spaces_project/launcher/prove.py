"""``./spaces prove``: the promises at full size."""

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from spaces_project.launcher.bench import first_line
from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.trouble import Trouble

SUMMARY = "run the promises at full size (minutes to hours), or list them"
DESCRIPTION = """\
Every promise is tested at a short size by ./spaces test. Here the full size runs: the tests
in proofs/, by name. Without a name: lists them. docs/proofs.md says what each promises.

  ./spaces prove NAME [WORDS FOR PYTEST ...]
  ./spaces prove --all              one after the other, also when one fails"""
# They print what they did, and may take as long as they need.
PYTEST = (sys.executable, "-m", "pytest", "-s", "--timeout=0")


def configure(parser: argparse.ArgumentParser) -> None:
    """The name of a proof, or all."""
    parser.add_argument("name", nargs="?", help="which proof, as the list names it")
    parser.add_argument("--all", action="store_true", help="run every proof")
    parser.set_defaults(takes_more=True)


def main(arguments: argparse.Namespace) -> int:
    """Run a proof, all of them, or list them."""
    found = proofs(PROJECT / "proofs")
    if arguments.all:
        if arguments.name or arguments.rest:
            raise Trouble("--all takes no more words. Type: ./spaces prove --all")
        return prove(list(found))
    if arguments.name is None:
        width = max(map(len, found), default=0) + 2
        sys.stdout.writelines(f"  {name:<{width}}{about}\n" for name, about in found.items())
        return 0
    name = arguments.name.replace("_", "-")
    if name not in found:
        raise Trouble(f"There is no proof called {arguments.name}. Type: ./spaces prove")
    return prove([name], arguments.rest)


def proofs(folder: Path) -> dict[str, str]:
    """Each proof by the name that a person types, with the first line of its docstring."""
    return {
        path.stem.removeprefix("prove_").replace("_", "-"): first_line(path)
        for path in sorted(folder.glob("prove_*.py"))
    }


def prove(names: Sequence[str], words: Sequence[str] = (), folder: Path = PROJECT) -> int:
    """Run the proofs, each in a process and with databases of its own; 1 if one of them failed."""
    outcomes = []
    failed = 0
    for name in names:
        _say(f"\n== {name}")
        started = time.monotonic()
        path = f"proofs/prove_{name.replace('-', '_')}.py"
        code = subprocess.run([*PYTEST, path, *words], cwd=folder, check=False).returncode
        failed += code != 0
        outcome = "proved" if code == 0 else "FAILED"
        outcomes.append(f"  {name}: {outcome} in {time.monotonic() - started:.0f} s")
    _say("\n" + "\n".join(outcomes))
    return 1 if failed else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
