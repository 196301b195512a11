"""``./spaces log``: what happens, as it happens."""

import argparse
import os
import sys

from spaces_project.launcher import environment
from spaces_project.launcher.environment import PROJECT, Addresses
from spaces_project.launcher.trouble import Trouble

SUMMARY = "follow the events of a room, or of all rooms"
DESCRIPTION = """\
Prints each event as it is stored, decrypted, one a line, for as long as you watch.
Spaces has to be running. Without a room: the events of all rooms."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Which room."""
    parser.add_argument("room", nargs="?", help="a room's id, room_...")
    parser.set_defaults(takes_more=True)


def main(arguments: argparse.Namespace) -> int:
    """Become the command that follows the log."""
    home = environment.home()
    state = home.state()
    if state is None:
        raise Trouble(f"Nothing runs with {home.shown}. In another terminal, type: ./spaces run")
    nowhere = Addresses(0, 0, 0, 0)
    variables = environment.variables(home, nowhere, *environment.running_databases(state))
    variables["SPACES_BASE_URL"] = state["base_url"]
    room = [arguments.room] if arguments.room else []
    words = [sys.executable, "manage.py", "follow_log", *room, *arguments.rest]
    os.chdir(PROJECT)
    os.execve(sys.executable, words, variables)  # noqa: S606 no shell
