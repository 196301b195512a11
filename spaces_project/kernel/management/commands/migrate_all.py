"""Bring both databases to the newest tables."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError


class Command(BaseCommand):
    """``manage.py migrate_all``."""

    help = "Bring the log's database and the key database to the newest tables."

    def handle(self, **options: Any) -> None:
        """Migrate one after the other."""
        for database in ("default", "keys"):
            try:
                call_command("migrate", database=database, verbosity=options["verbosity"])
            except OperationalError as error:
                raise CommandError(f"The database {database!r} does not answer: {error}") from None
