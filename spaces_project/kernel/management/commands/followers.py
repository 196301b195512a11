"""The process that runs projections and policies."""

import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from spaces_project.kernel.following.read_model import Policy, ReadModel
from spaces_project.kernel.following.receipts import forget_old_receipts
from spaces_project.kernel.following.runner import FollowerThread
from spaces_project.wiring import policies, read_models

SWEEP_S = 60.0


class Command(BaseCommand):
    """``manage.py followers``."""

    help = "Follow the log: keep the read models, run the policies."
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
        followers: list[ReadModel | Policy] = [*read_models(), *policies()]
        threads = [FollowerThread(follower) for follower in followers]
        for thread in threads:
            thread.start()
        ready = Path(settings.SPACES_HOME) / "run" / "followers.ready"
        ready.parent.mkdir(parents=True, exist_ok=True)
        while not stopped.wait(0.05):
            if all(thread.caught_up.is_set() for thread in threads):
                ready.touch()
                break
        while not stopped.wait(SWEEP_S):
            forget_old_receipts()
        for thread in threads:
            thread.stop()
        for thread in threads:
            thread.join(timeout=2.5)
