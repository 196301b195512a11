"""Garbage is collected where it does not make a thousand sockets wait.

A full collection walks everything that lives, and nobody is served meanwhile: with 1,000 sockets
that takes tens of milliseconds, several times a minute. What lives for ever is frozen once the
process has started. The young generations, in which nearly all garbage dies, are looked through
less often; the old one by the clock, seldom, and without what was frozen.
"""

import gc
from collections.abc import Callable
from typing import Final

YOUNG: Final = 20_000  # more containers made than freed, until the youngest are looked through
MIDDLE: Final = 20  # such looks, until those that survived one are looked through too
NEVER: Final = 1_000_000_000  # such looks, until the old are: the clock decides
FULL_EVERY_S: Final = 300.0
CallLater = Callable[[float, Callable[[], None]], object]


def settle(call_later: CallLater) -> None:
    """Set collection up in a process that has started; ``call_later`` is its loop's."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, NEVER)

    def collect() -> None:
        gc.collect()
        call_later(FULL_EVERY_S, collect)

    call_later(FULL_EVERY_S, collect)
