"""``./spaces log``: what happens, as it happens."""

import argparse

from spaces_project.launcher.manage import become

SUMMARY = "follow the events of a room, or of all rooms"
DESCRIPTION = """\
Prints each event as it is stored, decrypted, one a line, for as long as you watch.
Spaces has to be running. Without a room: the last 20 events of all rooms, then what comes,
each line behind the room's id.
With --words it tells each event in a sentence. With --once it prints what there is and ends."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Which room."""
    parser.add_argument("room", nargs="?", help="a room's id, room_...")
    parser.set_defaults(takes_more=True)


def main(arguments: argparse.Namespace) -> int:
    """Become the command that follows the log."""
    room = [arguments.room] if arguments.room else []
    become(["follow_log", *room, *arguments.rest])
