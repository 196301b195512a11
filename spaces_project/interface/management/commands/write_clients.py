"""Write typed clients from the documents of the interface."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from spaces_project.interface.clients.write import LANGUAGES, write_clients


class Command(BaseCommand):
    """``manage.py write_clients [--folder FOLDER]``."""

    help = "Write typed clients: TypeScript, Swift, Kotlin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take another folder."""
        folder = Path(settings.BASE_DIR) / "clients"
        parser.add_argument("--folder", type=Path, default=folder, metavar="FOLDER")

    def handle(self, **options: Any) -> None:
        """Write them."""
        folder: Path = options["folder"]
        written = write_clients(folder)
        for language in LANGUAGES:
            here = folder / language
            self.stdout.write(f"{here}: {sum(here in path.parents for path in written)} files")
