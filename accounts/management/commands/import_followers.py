"""Import followers in bulk."""

import csv
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from accounts.commands import Imported, import_followers
from accounts.domain.errors import AccountNotFound
from accounts.domain.profile import handle_of, name_of
from accounts.streams import handle_stream
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.refusals import Refusal

MOST_COLUMNS: Final = 2
MOST_MESSAGES: Final = 20


class Command(BaseCommand):
    """``manage.py import_followers FILE --host HANDLE``."""

    help = (
        "Make people follow a host. FILE is UTF-8 text with one person a line: handle, or "
        "handle,name (CSV). Who has no account gets one without a password. A file with a bad "
        "line is not imported at all; a second run does only what is missing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and the host."""
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--host", required=True, metavar="HANDLE")

    def handle(self, **options: Any) -> None:
        """Check the whole file, then import it."""
        people, mistakes = read_people(options["file"])
        if mistakes:
            raise CommandError(_told(mistakes))
        host_id = self._host(options["host"])
        started = time.monotonic()
        total = len(people)

        def tell(sofar: Imported) -> None:
            self.stderr.write(f"{sofar.followed + sofar.skipped} of {total}")

        try:
            done = import_followers(host_id, people, on_batch=tell)
        except Refusal as refusal:
            raise CommandError(f"{refusal}; run it again to import what is missing") from None
        took_s = max(time.monotonic() - started, 0.001)
        self.stdout.write(
            f"{done.followed} follow now ({done.created} new accounts), {done.skipped} skipped, "
            f"{took_s:.1f} s, {(done.followed + done.skipped) / took_s:.0f} a second"
        )

    def _host(self, handle: str) -> Any:
        try:
            claimed = event_log().fill(handle_stream(handle_of(handle)))
        except Refusal:
            raise CommandError(f"--host {handle}: this cannot be a handle") from None
        if not claimed.version:
            raise CommandError(f"--host {handle}: {AccountNotFound.title}")
        return claimed.account_id


def read_people(path: Path) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the people of a file, and a message for each line that is none.

    :raises CommandError: if it cannot be read at all.
    """
    people: dict[str, str] = {}
    mistakes: list[str] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.reader(lines, strict=True)
            for row in rows:
                try:
                    if row:
                        handle, name = _person(row)
                        people.setdefault(handle, name)
                except (Refusal, ValueError) as error:
                    mistakes.append(f"line {rows.line_num}: {_reason(error)}")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{path}: {error}") from None
    return list(people.items()), mistakes


def _person(row: list[str]) -> tuple[str, str]:
    if len(row) > MOST_COLUMNS:
        raise ValueError(f"there are {len(row)} columns; write handle or handle,name")
    handle = handle_of(row[0])
    return handle, name_of(row[1]) if len(row) == MOST_COLUMNS else handle


def _reason(error: Exception) -> str:
    if isinstance(error, Refusal):
        return f"{error.title} {error.facts['errors'][0]['detail']}"
    return str(error)


def _told(mistakes: list[str]) -> str:
    shown = "\n".join(mistakes[:MOST_MESSAGES])
    more = len(mistakes) - MOST_MESSAGES
    rest = f"\nand {more} more" if more > 0 else ""
    return f"nothing was imported; mend these lines:\n{shown}{rest}"
