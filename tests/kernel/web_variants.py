"""A web process that is made difficult, or broken on purpose, for the length of a test.

A variant is chosen before the process serves. Difficult: ``small-buffers`` (the system takes little
for a client that does not read), ``deaf`` (no wake-up ever arrives), ``impatient`` (who stands
still is closed after two seconds). Broken: ``skips-one`` (who resumes lacks an event),
``never-looks`` (wake-ups are believed), ``lenient`` (nobody is closed for standing still),
``believes-frames`` (nobody thinks of what is no frame), ``keeps-rights`` (who is put out or
signed out hears on).
"""

import math
import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Final

SMALL: Final = 4096  # bytes; the kernel doubles it
IMPATIENT_S: Final = 2.0
goodbyes: Counter[int] = Counter()


def choose(names: Iterable[str]) -> None:
    """Make the process what the names say, and count its goodbyes by their codes."""
    for name in names:
        VARIANTS[name]()
    _when_loaded("rooms.consumers", _count_goodbyes)


def _when_loaded(name: str, change: Callable[[Any], None]) -> None:
    """Change a module as soon as its application is loaded: Django's registry comes first."""
    from spaces_project.kernel.web import server  # noqa: PLC0415 - installs the reactor, as web does

    started = server.BoundedServer.__init__

    def init(self: Any, *words: Any, **options: Any) -> None:
        change(sys.modules[name])
        started(self, *words, **options)

    server.BoundedServer.__init__ = init  # type: ignore[method-assign]


def _count_goodbyes(_consumers: Any) -> None:
    from spaces_project.kernel.sockets import connection  # noqa: PLC0415

    said = connection.say_goodbye

    def counted(protocol: Any, code: int, reason: str) -> None:
        goodbyes[code] += 1
        said(protocol, code, reason)

    for module in list(sys.modules.values()):
        if getattr(module, "say_goodbye", None) is said:
            vars(module)["say_goodbye"] = counted


def _small_buffers() -> None:
    from twisted.internet import asyncioreactor  # noqa: F401, PLC0415

    from spaces_project.kernel.web import server  # noqa: F401, PLC0415 - the reactor first
    from twisted.internet import tcp  # noqa: PLC0415 isort:skip

    made: Any = tcp.Port.createInternetSocket

    def smaller(self: tcp.Port) -> socket.socket:
        found: socket.socket = made(self)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
        return found

    tcp.Port.createInternetSocket = smaller  # type: ignore[method-assign]


def _deaf() -> None:
    from spaces_project.kernel import live_feed  # noqa: PLC0415

    vars(live_feed)["CHANNEL"] = "nobody_ever_notifies_here"


def _never_looks() -> None:
    from spaces_project.kernel import live_feed  # noqa: PLC0415

    def follow(self: Any, live: Any) -> None:  # not after a reconnect either
        while not self._stopped.is_set():
            live.wait(3600.0)
            self.read_on(live.fetch)

    _deaf()
    live_feed.LiveFeed._follow = follow  # type: ignore[method-assign]


def _blocked_s(seconds: float) -> Callable[[], None]:
    def change() -> None:
        from spaces_project.kernel.sockets import connection  # noqa: PLC0415

        connection.BLOCKED_S = seconds  # type: ignore[misc]

    return change


def _takes_everything() -> None:
    from spaces_project.kernel.sockets import protocol  # noqa: PLC0415

    protocol.BoundedWebSocket._take_token = lambda _: True  # type: ignore[method-assign, assignment]


def _skips_one() -> None:
    def change(consumers: Any) -> None:
        right = consumers.RoomSocket._bring_up

        async def wrong(self: Any, channel: Any, connection: Any, after: int | None) -> None:
            await right(self, channel, connection, after + 1 if after else after)

        consumers.RoomSocket._bring_up = wrong

    _when_loaded("rooms.consumers", change)


def _believes_frames() -> None:
    def change(consumer: Any) -> None:
        import msgspec  # noqa: PLC0415

        consumer._read = lambda words: msgspec.json.decode(words, type=consumer.ClientFrame)

    _when_loaded("spaces_project.kernel.sockets.consumer", change)


def _keeps_rights() -> None:
    def change(hub: Any) -> None:
        from spaces_project.kernel.sockets import care  # noqa: PLC0415

        hub.RoomChannel.end_rights = lambda *_: None
        hub.RoomHub._shut_out = lambda *_: None
        care.end_with_tokens = lambda *_: None

    _when_loaded("rooms.hub", change)


VARIANTS: Final[dict[str, Callable[[], None]]] = {
    "small-buffers": _small_buffers,
    "deaf": _deaf,
    "never-looks": _never_looks,
    "impatient": _blocked_s(IMPATIENT_S),
    "lenient": _blocked_s(math.inf),
    "skips-one": _skips_one,
    "keeps-rights": _keeps_rights,
    "takes-everything": _takes_everything,
    "believes-frames": _believes_frames,
}
