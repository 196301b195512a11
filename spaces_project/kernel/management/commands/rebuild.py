"""Rebuild read models from the log."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from spaces_project.kernel.following.projector import rebuild
from spaces_project.wiring import read_models


class Command(BaseCommand):
    """``manage.py rebuild [NAME ...]``."""

    help = "Rebuild read models from the log while the old rows go on serving."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the names; none means all."""
        parser.add_argument("names", nargs="*", metavar="NAME")

    def handle(self, **options: Any) -> None:
        """Rebuild one after the other."""
        known = {read_model.name: read_model for read_model in read_models()}
        for name in options["names"] or known:
            if name not in known:
                raise CommandError(f"there is no read model {name}; there are {', '.join(known)}")
            position = rebuild(known[name])
            self.stdout.write(f"{name}: rebuilt up to position {position}")
