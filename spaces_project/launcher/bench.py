"""``./spaces bench``: figures, each measured beside a peer in the same run."""

import argparse
import ast
import os
import sys
from pathlib import Path

from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.trouble import Trouble

SUMMARY = "measure one figure beside a peer, or list what can be measured"
DESCRIPTION = """\
Without a name: lists the benches. With one: runs it; its last line is JSON.
A peer that is missing is installed by the bench when root."""
NO_BENCH = {"harness", "conftest"}


def configure(parser: argparse.ArgumentParser) -> None:
    """A name, and whatever the bench itself takes."""
    parser.add_argument("name", nargs="?", help="what to measure, as the list names it")
    parser.set_defaults(takes_more=True)


def main(arguments: argparse.Namespace) -> int:
    """Run a bench or list them all."""
    found = benches(PROJECT / "bench")
    if arguments.name is None:
        if not found:
            sys.stdout.write("There is nothing to measure yet.\n")
        width = max(map(len, found), default=0) + 2
        sys.stdout.writelines(f"  {name:<{width}}{about}\n" for name, about in found.items())
        return 0
    name = arguments.name.replace("_", "-")
    if name not in found:
        raise Trouble(f"There is no bench called {arguments.name}. Type: ./spaces bench")
    os.chdir(PROJECT)
    module = f"bench.{name.replace('-', '_')}"
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments.rest])  # noqa: S606 no shell


def benches(folder: Path) -> dict[str, str]:
    """Each bench by the name that a person types, with the first line of its docstring."""
    return {
        path.stem.replace("_", "-"): _first_line(path)
        for path in sorted(folder.glob("*.py"))
        if not path.stem.startswith("_") and path.stem not in NO_BENCH
    }


def _first_line(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return text.partition("\n")[0]
