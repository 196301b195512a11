"""``./spaces reset``: back to an empty installation."""

import argparse
import shutil
import sys

from spaces_project.launcher import environment
from spaces_project.launcher.trouble import Trouble

SUMMARY = "delete all state: rooms, people, events, keys"
DESCRIPTION = """\
Deletes the embedded databases, the secrets and what else is in var/ (or SPACES_HOME).
It asks first. Databases named by DATABASE_URL are not touched."""
OURS = ("postgres", "postgres.new", "keys", "keys.new", "secrets", "run", "recordings", "speech")


def configure(parser: argparse.ArgumentParser) -> None:
    """The answer may be given beforehand."""
    parser.add_argument("--yes", action="store_true", help="do not ask")


def main(arguments: argparse.Namespace) -> int:
    """Ask, then delete only what we made."""
    home = environment.home()
    present = [home.path / name for name in OURS if (home.path / name).exists()]
    if not present:
        sys.stdout.write(f"There is nothing in {home.shown} to delete.\n")
        return 0
    home.make()
    with home.lock():
        if not arguments.yes and not _agreed(home.shown):
            sys.stdout.write("Nothing was deleted.\n")
            return 1
        for path in present:
            shutil.rmtree(path)
    sys.stdout.write(f"{home.shown} is empty. Type: ./spaces run\n")
    return 0


def _agreed(shown: str) -> bool:
    if not sys.stdin.isatty():
        raise Trouble("Nobody is here to ask. Type: ./spaces reset --yes")
    sys.stdout.write(f"This deletes every room, person, event and key in {shown}\n")
    return input("Type yes to go on: ").strip().lower() == "yes"
