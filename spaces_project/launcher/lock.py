"""``./spaces lock``: what exactly is installed, with hashes."""

import argparse
import re
import subprocess
import sys

from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.stages import tool
from spaces_project.launcher.trouble import Trouble

SUMMARY = "write the hashed locks anew from the ranges in pyproject.toml"
DESCRIPTION = """\
Writes requirements.txt (to run) and requirements-test.txt (to test) from pyproject.toml, and
requirements/uv.txt. What is locked stays, unless pyproject.toml asks for another version or
--upgrade is given. No address of a package index is written."""
OPTIONS = (
    "--universal", "--python-version=3.11", "--generate-hashes", "--no-header",
    "--no-emit-index-url", "--no-emit-find-links", "--quiet",
)  # fmt: skip
LOCKS = {
    "requirements/uv.txt": ["requirements/uv.in"],
    "requirements.txt": ["pyproject.toml"],
    "requirements-test.txt": ["--extra=test", "--constraint=requirements.txt", "pyproject.toml"],
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Whether newer versions are wanted."""
    parser.add_argument("--upgrade", action="store_true", help="take the newest that fit")


def main(arguments: argparse.Namespace) -> int:
    """Write every lock, and make sure that none names a host."""
    newer = ["--upgrade"] if arguments.upgrade else []
    for lock, sources in LOCKS.items():
        result = subprocess.run(
            [tool("uv"), "pip", "compile", *OPTIONS, *newer, *sources, "--output-file", lock],
            cwd=PROJECT,
            check=False,
        )
        if result.returncode != 0:
            raise Trouble(f"uv could not resolve {lock}; its message is above.")
        addresses = addresses_in((PROJECT / lock).read_text("utf-8"))
        if addresses:
            raise Trouble(f"{lock} names {addresses[0]}; a lock must fit every package index.")
        sys.stdout.write(f"{lock} is written.\n")
    return 0


def addresses_in(lock: str) -> list[str]:
    """Every address of a host or folder in a lock."""
    return re.findall(r"(?:https?|file)://\S+|--(?:index-url|find-links)\S*.*", lock)
