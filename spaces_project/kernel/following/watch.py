"""What is looked after now and then, beside the log, by one process at a time."""

import logging
import threading
from abc import ABC, abstractmethod
from typing import ClassVar

from django.db import close_old_connections, connections

from spaces_project.kernel.outages import passes

log = logging.getLogger(__name__)


class Watch(ABC):
    """Looks every ``every_s`` seconds while its process leads; two at once must do no harm."""

    name: ClassVar[str]
    every_s: ClassVar[float]

    @abstractmethod
    def look(self) -> None:
        """Do what is to be done by now."""


class WatchThread(threading.Thread):
    """Lets a watch look while it leads; whatever breaks is tried again at the next look."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(name=f"watch {watch.name}", daemon=True)
        self.watch = watch
        self.lease = watch.name
        self._leads = False
        self._stopped = threading.Event()

    def lead(self, leads: bool) -> None:
        """Begin or cease to look."""
        self._leads = leads

    def stop(self) -> None:
        """Ask the thread to end after the current look."""
        self._stopped.set()

    def run(self) -> None:
        """Look until stopped."""
        while not self._stopped.wait(self.watch.every_s):
            if not self._leads:
                continue
            try:
                close_old_connections()
                self.watch.look()
            except Exception as error:
                log.warning("%s: %s; trying again", self.name, error, exc_info=not passes(error))
                connections.close_all()
        connections.close_all()
