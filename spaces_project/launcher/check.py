"""``./spaces check``: what can be said about the code without running it."""

import argparse
import os

from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.stages import Stage, run_stages, tool

SUMMARY = "lint, formatting, types and import contracts; no tests"
DESCRIPTION = """\
Runs ruff, ruff format --check, mypy --strict and the import contracts of pyproject.toml.
./spaces test runs the same first."""
NOT_OURS = {".venv", "var"}


def configure(_parser: argparse.ArgumentParser) -> None:
    """Nothing may follow."""


def main(_arguments: argparse.Namespace) -> int:
    """Run every check that needs no test."""
    return run_stages(check_stages())


def check_stages() -> list[Stage]:
    """The checks, the fastest first."""
    return [
        Stage("lint", [tool("ruff"), "check", "--quiet", "."]),
        Stage("format", [tool("ruff"), "format", "--check", "--quiet", "."]),
        Stage("types", [tool("mypy"), "--no-error-summary", *typed_folders()]),
        Stage("contracts", [tool("lint-imports"), "--no-logo"]),
    ]


def typed_folders() -> list[str]:
    """Every folder at the top that holds Python, and manage.py."""
    folders = {
        entry.name
        for entry in os.scandir(PROJECT)
        if entry.is_dir()
        and entry.name not in NOT_OURS
        and not entry.name.startswith(".")
        and any((PROJECT / entry.name).rglob("*.py"))
    }
    return sorted(folders) + ["manage.py"] * (PROJECT / "manage.py").exists()
