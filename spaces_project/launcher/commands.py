"""The words after ``./spaces``; their help is the documentation."""

import argparse
import sys
from types import ModuleType

from spaces_project.launcher import (
    bench,
    check,
    clients,
    doctor,
    lock,
    log,
    manage,
    prove,
    reset,
    run,
    test,
)
from spaces_project.launcher.trouble import Trouble

COMMANDS: dict[str, ModuleType] = {
    "run": run,
    "test": test,
    "check": check,
    "bench": bench,
    "prove": prove,
    "reset": reset,
    "doctor": doctor,
    "log": log,
    "manage": manage,
    "clients": clients,
    "lock": lock,
}
HEADING = "Spaces: live audio rooms on your own machine."
CLOSING = "More about each: ./spaces COMMAND --help. The first thing to try: ./spaces run"


def run_command(words: list[str]) -> int:
    """Run one command; what a person can put right is said in a sentence, without a traceback."""
    parser = build_parser()
    arguments, rest = parser.parse_known_args(words)
    command = COMMANDS.get(arguments.command)
    if command is None:
        parser.print_help()
        return 0
    if rest and not arguments.takes_more:
        parser.error(f"{arguments.command} does not know {' '.join(rest)}")
    arguments.rest = rest
    try:
        code: int = command.main(arguments)
    except Trouble as trouble:
        sys.stderr.write(f"spaces: {trouble}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def build_parser() -> argparse.ArgumentParser:
    """Every command with its help."""
    parser = argparse.ArgumentParser(
        prog="./spaces",
        description=HEADING,
        epilog=CLOSING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(takes_more=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, module in COMMANDS.items():
        each = commands.add_parser(
            name,
            help=module.SUMMARY,
            description=module.DESCRIPTION,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.configure(each)
    commands.add_parser("help", help="print this")
    return parser
