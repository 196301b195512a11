"""Let a policy answer history: it acts on the world, so it takes an explicit word."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from spaces_project.kernel.following.positions import let_react_again, positions
from spaces_project.wiring import policies


class Command(BaseCommand):
    """``manage.py react_again NAME --after POSITION --yes-react-again``."""

    help = "Set a policy back, so that it asks again for what it has asked for before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the policy, the position, and the word."""
        parser.add_argument("name", metavar="NAME", help="a policy; a wrong name lists them")
        parser.add_argument(
            "--after",
            type=int,
            required=True,
            metavar="POSITION",
            help="it reacts to every event behind this place in the log; 0: to all",
        )
        parser.add_argument("--yes-react-again", action="store_true", help="you mean it")

    def handle(self, **options: Any) -> None:
        """Refuse without the word."""
        name, after = options["name"], options["after"]
        known = {policy.name: policy for policy in policies()}
        if name not in known:
            raise CommandError(f"there is no policy {name}; there are {', '.join(known)}")
        reached = positions().get(name, 0)
        if not 0 <= after <= reached:
            raise CommandError(f"{name} has come to position {reached}; it cannot go to {after}.")
        if not options["yes_react_again"]:
            raise CommandError(
                f"{name} would react to everything from {after + 1} to {reached} once more, and "
                "act on it now. If that is what you want, add --yes-react-again."
            )
        let_react_again(known[name], after)
        self.stdout.write(f"{name} reacts again behind position {after}")
