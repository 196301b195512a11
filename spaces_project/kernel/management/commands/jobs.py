"""Jobs that have failed: what they are, and another try."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from spaces_project.kernel.jobs.failed import counts, failed_jobs, try_again


class Command(BaseCommand):
    """``manage.py jobs [--retry ID | --all]``."""

    help = "Say how many jobs wait; list those that have failed, or let them try again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to try again; nothing only lists."""
        chosen = parser.add_mutually_exclusive_group()
        chosen.add_argument("--retry", type=int, metavar="ID", help="let this job try again")
        chosen.add_argument("--all", action="store_true", help="let every failed job try again")

    def handle(self, **options: Any) -> None:
        """List, or let the followers try again."""
        if options["all"] or options["retry"] is not None:
            again = try_again(options["retry"])
            if not again and not options["all"]:
                raise CommandError(f"No job {options['retry']} has failed.")
            self.stdout.write(f"{again} will be tried again")
            return
        found = counts()
        self.stdout.write(f"{found.waiting} wait, {found.late} of them late; {found.running} run")
        for job in failed_jobs():
            at = f"{job.failed_at:%Y-%m-%d %H:%M:%S} UTC" if job.failed_at else "some time ago"
            self.stdout.write(
                f"{job.job_id}: {job.task_name} has failed at {at}, tried {job.attempts} times"
            )
        if not found.failed:
            self.stdout.write("nothing has failed")
