"""Webhook endpoints in the operator's hands: who is told nothing, and why; going on; stopping."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from spaces_project.kernel.ids import parse, public
from spaces_project.kernel.webhooks import endpoints, lines
from spaces_project.kernel.webhooks.models import EndpointRow

SHOWN = 1000
ENDPOINT = "whe"


class Command(BaseCommand):
    """``manage.py webhooks [--resume ID | --disable ID]``."""

    help = "List webhook endpoints and what is held; resume or disable one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what is to be done; nothing only lists."""
        chosen = parser.add_mutually_exclusive_group()
        chosen.add_argument("--resume", metavar="ID", help="enable it and let all its rooms go on")
        chosen.add_argument("--disable", metavar="ID", help="tell it nothing more")

    def handle(self, **options: Any) -> None:
        """Do it, or list."""
        if options["resume"]:
            waited = lines.resume(_known(options["resume"]))
            self.stdout.write(f"{options['resume']} goes on in {waited} rooms")
        elif options["disable"]:
            asked = EndpointRow.objects.filter(id=_known(options["disable"]))
            endpoints.disable(asked, "the operator disabled it")
            self.stdout.write(f"{options['disable']} is told nothing more")
        else:
            for row in EndpointRow.objects.order_by("id"):
                self.stdout.write(line(row))


def line(row: EndpointRow) -> str:
    """Return how an endpoint stands; its address is its owner's secret."""
    state = f"disabled: {row.disabled_because}" if row.disabled_at else "enabled"
    failing = ", failing" if row.is_failing else ""
    held = len(lines.held_rooms(row.id, SHOWN))
    whose = "all rooms" if row.hears_all else public("acc", row.owner_id)
    return f"{public(ENDPOINT, row.id)} of {whose}, {state}{failing}, {held} rooms held"


def _known(text: str) -> UUID:
    try:
        found = EndpointRow.objects.filter(id=parse(ENDPOINT, text)).first()
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"there is no endpoint {text}")
    return found.id
