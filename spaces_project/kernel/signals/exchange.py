"""Who says what to whom: signals inside this process, and over Redis to all others."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings

from spaces_project.kernel.once import once
from spaces_project.kernel.signals.line import Line

log = logging.getLogger(__name__)

Hear = Callable[[dict[str, Any]], None]


class Exchange:
    """Signals by the names of their channels; without a Redis they stay in this process.

    A signal is small, may be lost, and says nothing that must be true: what matters is an event.
    Ears are called on the thread of who speaks, or on the line's: they hand over at once.
    """

    def __init__(self, url: str = "") -> None:
        self._ears: dict[str, list[Hear]] = {}
        self._returns: list[Callable[[], None]] = []
        self._line = Line(url, self._tell, self._returned) if url else None
        if self._line is not None:
            self._line.start()

    @property
    def is_connected(self) -> bool:
        """Whether other processes hear us now; always false without a Redis."""
        return self._line is not None and self._line.is_up

    def subscribe(self, name: str, hear: Hear) -> None:
        """Hear from now on what is said on a channel, here and elsewhere."""
        self._ears.setdefault(name, []).append(hear)

    def on_return(self, call: Callable[[], None]) -> None:
        """Call something whenever the line to the others stands again: what was said is lost."""
        self._returns.append(call)

    def publish(self, name: str, message: dict[str, Any]) -> None:
        """Say something (JSON) to whoever listens, from any thread; returns at once."""
        self._tell(name, message)
        if self._line is not None:
            self._line.say(name, message)

    def stop(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.stop()

    def _tell(self, name: str, message: dict[str, Any]) -> None:
        for hear in self._ears.get(name, ()):
            try:
                hear(message)
            except Exception:
                log.exception("a signal on %s was not understood", name)

    def _returned(self) -> None:
        for call in self._returns:
            try:
                call()
            except Exception:
                log.exception("nobody could be told again")


@once
def exchange() -> Exchange:
    """Return this process's exchange; the first call connects it."""
    return Exchange(settings.REDIS_URL)


def publish(name: str, message: dict[str, Any]) -> None:
    """Say something to whoever listens, in this process and in all others."""
    exchange().publish(name, message)


def subscribe(name: str, hear: Hear) -> None:
    """Hear what is said on a channel, in this process and in all others."""
    exchange().subscribe(name, hear)
