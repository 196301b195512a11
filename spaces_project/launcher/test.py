"""``./spaces test``: everything that has to hold before a change is shared."""

import argparse
import sys

from spaces_project.launcher.check import check_stages
from spaces_project.launcher.packages import ensure_packages
from spaces_project.launcher.stages import Stage, run_stages

SUMMARY = "lint, types, contracts and all tests"
DESCRIPTION = """\
Installs what tests need (Chromium, espeak-ng and Node by apt when root), runs the checks of
./spaces check, then the tests in two stages: those that share the machine, two at a time, and
those that need it alone (the whole product, real browsers, kills).

More words go to pytest, and then only pytest runs:
  ./spaces test tests/domain -k hand"""
PYTEST = (sys.executable, "-m", "pytest")  # this way the project itself can be imported
WORKERS = "2"  # what the smallest supported machine has
PYTEST_NO_TESTS = 5


def configure(parser: argparse.ArgumentParser) -> None:
    """Everything unknown goes to pytest."""
    parser.usage = "./spaces test [WORDS FOR PYTEST ...]"
    parser.set_defaults(takes_more=True)


def main(arguments: argparse.Namespace) -> int:
    """Install, check, test."""
    ensure_packages()
    if arguments.rest:
        return run_stages([Stage("tests", [*PYTEST, *arguments.rest])])
    return run_stages([*check_stages(), *test_stages()])


def test_stages() -> list[Stage]:
    """The tests, those that fail fastest first."""
    together = ["-n", WORKERS, "--dist", "loadfile", "-m", "not alone"]
    return [
        Stage("tests", [*PYTEST, "-q", *together]),
        Stage(
            "tests that need the machine alone",
            [*PYTEST, "-q", "-m", "alone", "--durations=10"],
            also_fine=frozenset({PYTEST_NO_TESTS}),
        ),
    ]
