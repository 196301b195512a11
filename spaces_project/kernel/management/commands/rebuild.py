"""Rebuild read models from the log."""

import sys
import time
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from spaces_project.kernel.following.rebuild import (
    Progress,
    RebuildRuns,
    TablesAreBusy,
    rebuild,
)
from spaces_project.kernel.following.shadow import NotDisposable
from spaces_project.kernel.log.mapper import UnreadableEvent
from spaces_project.wiring import read_models

SAID_EVERY_S: Final = 1.0


class Command(BaseCommand):
    """``manage.py rebuild [NAME ...]``."""

    help = "Rebuild read models from the log while the old rows go on serving."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the names; none means all."""
        parser.add_argument("names", nargs="*", metavar="NAME", help="a read model; none: all")

    def handle(self, **options: Any) -> None:
        """Rebuild one after the other."""
        known = {read_model.name: read_model for read_model in read_models()}
        for name in options["names"] or known:
            if name not in known:
                raise CommandError(f"there is no read model {name}; there are {', '.join(known)}")
        for name in options["names"] or known:
            try:
                position = rebuild(known[name], Narrator(name))
            except (NotDisposable, RebuildRuns, TablesAreBusy, UnreadableEvent) as no:
                raise CommandError(f"{name} stays as it was: {no}") from None
            self.stdout.write(f"{name}: rebuilt up to position {position}")


class Narrator:
    """Says on standard error how far a rebuild has come, once a second."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._said_at = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        """Say it, if a second has passed."""
        if time.monotonic() - self._said_at < SAID_EVERY_S:
            return
        self._said_at = time.monotonic()
        sys.stderr.write(
            f"{self._name}: {progress.percent:.0f} %, {progress.events} events, "
            f"{progress.events_per_s:.0f} a second\n"
        )
