"""Garbage is collected where it does not make a thousand sockets wait.

A full collection walks everything that lives, and nobody is served meanwhile: with 1,000 sockets
that takes tens of milliseconds, several times a minute. What lives for ever is frozen once the
process has started. The young generations, in which nearly all garbage dies, are looked through
less often; the old one by the clock, seldom, and without what was frozen. Only where many things
grew old since, as when thousands of connections come and go, it is looked through sooner: a
connection that has ended leaves about 9 KiB of cycles.
"""

import gc
from collections.abc import Callable
from typing import Final

YOUNG: Final = 20_000  # more containers made than freed, until the youngest are looked through
MIDDLE: Final = 20  # such looks, until those that survived one are looked through too
NEVER: Final = 1_000_000_000  # such looks, until the old are: the clock decides
LOOK_EVERY_S: Final = 10.0  # whether the old have grown
FULL_AFTER: Final = 30  # such looks, whether they have or not
GROWN: Final = 1  # times YOUNG * MIDDLE containers that may have grown old meanwhile
CallLater = Callable[[float, Callable[[], None]], object]


def settle(call_later: CallLater) -> None:
    """Set collection up in a process that has started; ``call_later`` is its loop's."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, NEVER)

    def look(looks: int) -> None:
        grew = gc.get_count()[2] >= GROWN
        if grew or looks >= FULL_AFTER:
            gc.collect()
            looks = 0
        call_later(LOOK_EVERY_S, lambda: look(looks + 1))

    call_later(LOOK_EVERY_S, lambda: look(1))
