"""``./spaces prove``: the promises at full size."""

import argparse
import os
import sys

from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.trouble import Trouble

SUMMARY = "run the promises at full size (hours), or list them"
DESCRIPTION = """\
Every promise is tested at a short size by ./spaces test. Here the full size runs: the tests
in proofs/, by name. Without a name: lists them."""


def configure(parser: argparse.ArgumentParser) -> None:
    """The name of a promise."""
    parser.add_argument("name", nargs="?", help="which promise")


def main(arguments: argparse.Namespace) -> int:
    """Run a proof or list them all."""
    folder = PROJECT / "proofs"
    names = sorted(path.stem.removeprefix("prove_") for path in folder.glob("prove_*.py"))
    if arguments.name is None:
        if names:
            sys.stdout.writelines(f"  {name}\n" for name in names)
        else:
            sys.stdout.write(
                "No promise has a full-size proof in this version; "
                "./spaces test runs each at its short size.\n"
            )
        return 0
    if arguments.name not in names:
        raise Trouble(f"There is no proof called {arguments.name}. Type: ./spaces prove")
    os.chdir(PROJECT)
    words = [sys.executable, "-m", "pytest", f"proofs/prove_{arguments.name}.py"]
    os.execv(sys.executable, words)  # noqa: S606 no shell
