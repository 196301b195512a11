"""``./spaces bench``: figures, each measured beside a peer in the same run."""

import argparse
import ast
import os
import sys
from pathlib import Path

from spaces_project.launcher.all_benches import measure_all
from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.trouble import Trouble

SUMMARY = "measure one figure beside a peer, or list what can be measured"
DESCRIPTION = """\
Without a name: lists the benches. With one: runs it; its last line is JSON.
A peer that is missing is installed by the bench when root.

  ./spaces bench NAME [WORDS FOR THE BENCH ...]
  ./spaces bench NAME -- --help     what words that bench takes
  ./spaces bench --all [NAME ...]   all of them, or these, one after the other; writes the
                                    figures, the machine and the date into docs/benchmarks.md"""
NO_BENCH = {"harness", "conftest"}


def configure(parser: argparse.ArgumentParser) -> None:
    """A name, and whatever the bench itself takes."""
    parser.add_argument("name", nargs="?", help="what to measure, as the list names it")
    parser.add_argument(
        "--all", action="store_true", help="measure all, or those that are named, for the page"
    )
    parser.set_defaults(takes_more=True)


def main(arguments: argparse.Namespace) -> int:
    """Run one bench, many, or list them all."""
    found = benches(PROJECT / "bench")
    names = [arguments.name, *arguments.rest] if arguments.name else arguments.rest
    if arguments.all:
        return measure_all([_known(name, found) for name in names] or list(found))
    if arguments.name is None:
        if not found:
            sys.stdout.write("There is nothing to measure yet.\n")
        width = max(map(len, found), default=0) + 2
        sys.stdout.writelines(f"  {name:<{width}}{about}\n" for name, about in found.items())
        return 0
    name = _known(arguments.name, found)
    os.chdir(PROJECT)
    module = f"bench.{name.replace('-', '_')}"
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments.rest])  # noqa: S606 no shell


def benches(folder: Path) -> dict[str, str]:
    """Each bench by the name that a person types, with the first line of its docstring."""
    return {
        path.stem.replace("_", "-"): first_line(path)
        for path in sorted(folder.glob("*.py"))
        if not path.stem.startswith("_") and path.stem not in NO_BENCH
    }


def first_line(path: Path) -> str:
    """Return the first line of a module's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return text.partition("\n")[0]


def _known(asked: str, found: dict[str, str]) -> str:
    name = asked.replace("_", "-")
    if name not in found:
        raise Trouble(f"There is no bench called {asked}. Type: ./spaces bench")
    return name
