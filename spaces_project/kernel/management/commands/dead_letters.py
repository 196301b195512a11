"""Events that a follower could not apply: what they stop, and how it goes on."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from spaces_project.kernel.following.dead_letters import DeadLetter, dead_letters, place_of
from spaces_project.kernel.following.read_model import Policy, ReadModel
from spaces_project.kernel.following.retries import retry
from spaces_project.wiring import feeds, policies, read_models


class Command(BaseCommand):
    """``manage.py dead_letters [--retry NAME | --all]``."""

    help = "List where followers have stopped; apply what they passed over and let them go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whom to retry; none only lists."""
        chosen = parser.add_mutually_exclusive_group()
        chosen.add_argument("--retry", metavar="NAME", help="let this follower try again")
        chosen.add_argument("--all", action="store_true", help="let every follower try again")

    def handle(self, **options: Any) -> None:
        """List, or retry and list what still stops."""
        everybody: list[ReadModel | Policy] = [*read_models(), *policies(), *feeds()]
        followers = {each.name: each for each in everybody}
        wanted = list(followers) if options["all"] else [options["retry"]]
        if wanted == [None]:
            self._list(dead_letters())
            return
        stopped = []
        for name in wanted:
            if name not in followers:
                raise CommandError(f"there is no follower {name}; there are {', '.join(followers)}")
            before = len(dead_letters(name))
            left = retry(followers[name])
            if before:
                self.stdout.write(f"{name}: {before - len(left)} of {before} go on")
            stopped += left
        self._list(stopped)
        if stopped:
            raise CommandError(
                "What still stops needs a version that can apply it, or the event as it was."
            )

    def _list(self, letters: list[DeadLetter]) -> None:
        for letter in letters:
            self.stdout.write(line(letter))
        if not letters:
            self.stdout.write("nothing has stopped")


def line(letter: DeadLetter) -> str:
    """Return who has stopped, in what, and why."""
    place = place_of(letter.key, in_room=letter.in_room)
    return (
        f"{letter.follower} has stopped in {place} at position {letter.position} "
        f"({letter.topic}): {letter.error}"
    )
