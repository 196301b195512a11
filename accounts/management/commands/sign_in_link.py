"""A way in for somebody who has lost the password, or never had one."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import commands, queries


class Command(BaseCommand):
    """``manage.py sign_in_link HANDLE``."""

    help = "Print a link that signs in once, within a day, as the account with this handle."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the handle."""
        parser.add_argument("handle", metavar="HANDLE")

    def handle(self, **options: Any) -> None:
        """Print the link; its code stands in the fragment, which no server ever sees."""
        person = queries.person_by_handle(options["handle"])
        if person is None:
            raise CommandError(f"nobody has the handle {options['handle']}")
        code = commands.issue_sign_in_code(person.account_id)
        self.stdout.write(f"{settings.BASE_URL}/sign-in#code={code}")
