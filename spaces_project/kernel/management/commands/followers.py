"""The process that runs projections, policies, jobs and webhooks."""

import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from spaces_project.kernel.following.receipts import forget_old_receipts
from spaces_project.kernel.following.runner import Runner
from spaces_project.kernel.jobs.worker import JobWorker
from spaces_project.kernel.revocations import forget_what_has_ended
from spaces_project.kernel.webhooks.attempts import forget_old_attempts
from spaces_project.kernel.webhooks.sender import Sender
from spaces_project.kernel.webhooks.sources import together
from spaces_project.wiring import feeds, jobs, policies, read_models, watches, webhook_sources

SWEEP_S = 60.0
LAST_JOBS_S = 2.5  # what takes longer is done again by another process


class Command(BaseCommand):
    """``manage.py followers``."""

    help = "Follow the log: keep the read models, run the policies; do what is due."
    requires_system_checks = ()  # web makes them; here they would load every page

    def handle(self, **options: Any) -> None:
        """Run until told to stop."""
        del options
        stopped = threading.Event()

        def stop(signal_number: int, frame: FrameType | None) -> None:
            del signal_number, frame
            stopped.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        sender = Sender(together(webhook_sources()))
        runner = Runner([*read_models(), *policies(), *feeds()], watches(), [sender])
        worker = JobWorker(jobs())
        runner.start()
        worker.start()
        ready = Path(settings.SPACES_HOME) / "run" / "followers.ready"
        ready.parent.mkdir(parents=True, exist_ok=True)
        while not stopped.wait(0.05):
            if runner.has_caught_up:
                ready.touch()
                break
        while not stopped.wait(SWEEP_S):
            forget_old_receipts()
            forget_what_has_ended()
            forget_old_attempts()
        worker.stop()
        runner.stop()
        worker.join(LAST_JOBS_S)
