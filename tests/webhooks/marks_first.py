"""``followers`` that mark before they send: the broken variant, which loses messages."""

import os
import sys

import django
from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spaces_project.settings")
django.setup()

from spaces_project.kernel.webhooks import lines, sender, telling  # noqa: E402
from spaces_project.kernel.webhooks.lines import Line  # noqa: E402
from spaces_project.kernel.webhooks.sources import Told  # noqa: E402


def prepare_and_mark(line: Line, told: Told) -> telling.Prepared | None:
    """Take for told what is only about to be."""
    prepared = telling.prepare(line, told)
    if prepared is not None:
        lines.told(line, line.told_seq, prepared.page.upto)
    return prepared


def conclude_nothing(*_: object) -> bool:
    """Go on, whatever came of it."""
    return True


sender.prepare = prepare_and_mark  # type: ignore[attr-defined]
telling.conclude = conclude_nothing  # type: ignore[assignment]
execute_from_command_line([sys.argv[0], "followers"])
