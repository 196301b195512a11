"""``./spaces clients``: typed clients of this interface, for those who build on it."""

import argparse
import os
import sys
from pathlib import Path

from spaces_project.launcher.environment import PROJECT

SUMMARY = "write typed clients: TypeScript, Swift, Kotlin"
DESCRIPTION = """\
Writes clients/typescript, clients/swift and clients/kotlin from the documents of the interface:
types, one function for each operation, the noes, and in TypeScript a socket that resumes by itself.
Nothing has to be running, and nothing is downloaded. With --folder they go elsewhere."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("--folder", type=Path, default=PROJECT / "clients", metavar="FOLDER")


def main(arguments: argparse.Namespace) -> int:
    """Become the command that writes them."""
    words = [sys.executable, "manage.py", "write_clients", "--folder", arguments.folder.absolute()]
    os.chdir(PROJECT)
    os.execv(sys.executable, [str(word) for word in words])  # noqa: S606
