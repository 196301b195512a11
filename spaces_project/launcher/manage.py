"""``./spaces manage``: a command of the product beside the running product."""

import argparse
import os
import sys
from typing import NoReturn

from spaces_project.launcher import environment
from spaces_project.launcher.environment import PROJECT, Addresses
from spaces_project.launcher.trouble import Trouble

SUMMARY = "run one of manage.py's commands beside the running product"
DESCRIPTION = """\
Spaces has to be running; the command gets its databases, secrets and address. Some of them:
  sign_in_link HANDLE                   print a link that signs in once
  import_followers FILE --host HANDLE   bring an audience along
  rebuild [NAME ...]                    make read models anew from the log
  follower_lag                          how far behind each follower is
  dead_letters [--retry NAME | --all]   where followers have stopped; let them try again"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The command and its words."""
    parser.add_argument("words", nargs="+", metavar="WORD", help="as manage.py takes them")
    parser.set_defaults(takes_more=True)


def main(arguments: argparse.Namespace) -> int:
    """Become that command."""
    become([*arguments.words, *arguments.rest])


def become(words: list[str]) -> NoReturn:
    """Become a command of manage.py with the environment of the running product.

    :raises Trouble: if nothing runs.
    """
    home = environment.home()
    state = home.state()
    if state is None:
        raise Trouble(f"Nothing runs with {home.shown}. In another terminal, type: ./spaces run")
    nowhere = Addresses(0, 0, 0, 0)
    variables = environment.variables(home, nowhere, *environment.running_databases(state))
    variables["SPACES_BASE_URL"] = state["base_url"]
    os.chdir(PROJECT)
    os.execve(sys.executable, [sys.executable, "manage.py", *words], variables)  # noqa: S606
