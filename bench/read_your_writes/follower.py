"""The process that projects: ``python -m bench.read_your_writes.follower ours|peer``.

It says when it follows, in one line of JSON, and ends on SIGTERM.
"""

import json
import os
import signal
import sys
import threading
import time

POLL_S = 0.01


def ours(stopped: threading.Event) -> None:
    """Run the product's runner."""
    import django  # noqa: PLC0415 - only one of the two sides is loaded

    django.setup()
    from bench.read_your_writes.notes import Notes  # noqa: PLC0415
    from spaces_project.kernel.following.runner import Runner  # noqa: PLC0415

    runner = Runner([Notes()])
    runner.start()
    while not runner.has_caught_up:
        time.sleep(POLL_S)
    _follows()
    stopped.wait()
    runner.stop()


def peer(stopped: threading.Event) -> None:
    """Run the library's projection runner."""
    from eventsourcing.projection import ProjectionRunner  # noqa: PLC0415

    from bench.read_your_writes.peer import PeerNotes, PeerProjection, PeerView  # noqa: PLC0415

    environment = dict(os.environ)
    with ProjectionRunner(
        application_class=PeerNotes,
        projection_class=PeerProjection,
        view_class=PeerView,
        env=environment,
    ):
        _follows()
        stopped.wait()


def _follows() -> None:
    sys.stdout.write(json.dumps({"pid": os.getpid()}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asked_to_stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked_to_stop.set())
    {"ours": ours, "peer": peer}[sys.argv[1]](asked_to_stop)
