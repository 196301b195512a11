"""Write the documents that are made from the code: events, problems, who may do what."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from spaces_project.kernel.documents import PARTLY_MADE, events_page, problems_page
from spaces_project.wiring import announced, policy_table_page


class Command(BaseCommand):
    """``manage.py write_docs [--check] [--folder DOCS]``."""

    help = "Write what of docs/ is made from the code: events, problems, who may do what."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to compare only, and another folder."""
        parser.add_argument(
            "--check", action="store_true", help="only compare; exit 1 if a page is stale"
        )
        parser.add_argument(
            "--folder", type=Path, default=Path(settings.BASE_DIR) / "docs", metavar="DOCS"
        )

    def handle(self, **options: Any) -> None:
        """Write the pages, or compare them with what would be written."""
        folder: Path = options["folder"]
        pages = {
            "events.md": events_page(announced),
            "problems.md": problems_page(),
            "policy-table.md": policy_table_page(),
        }
        for name, made in PARTLY_MADE.items():
            if written := _read(folder / name):
                pages[name] = made(written)
        if options["check"]:
            stale = [name for name, text in pages.items() if _read(folder / name) != text]
            if stale:
                names = " and ".join(f"docs/{name}" for name in stale)
                raise CommandError(
                    f"{names} no longer say what the code says. Run: manage.py write_docs"
                )
            return
        folder.mkdir(exist_ok=True)
        for name, text in pages.items():
            (folder / name).write_text(text, "utf-8")
            self.stdout.write(f"docs/{name} written")


def _read(page: Path) -> str | None:
    return page.read_text("utf-8") if page.is_file() else None
