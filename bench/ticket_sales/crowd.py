"""A crowd at one sale: each buyer a thread, one order after the other."""

import itertools
import threading
import time
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from bench.ticket_sales.sides import Side
from spaces_project.launcher.trouble import Trouble

ENDLESS = 10**9


@dataclass(frozen=True)
class Rush:
    """What came of one crowd."""

    orders_each_s: float
    p50_ms: float
    p99_ms: float
    acknowledged: frozenset[UUID]
    refused: int


@dataclass
class Buyer:
    """One of the crowd, and what this one got."""

    side: Side
    sale_id: UUID
    took_s: dict[UUID, float] = field(default_factory=dict)
    refused: int = 0
    error: Exception | None = None

    def buy(self, start: threading.Barrier, seconds: float, orders: int) -> None:
        """Order so long or so often."""
        start.wait()
        until = time.perf_counter() + seconds
        for _ in itertools.repeat(None, orders):
            began = time.perf_counter()
            if began >= until or self.error:
                return
            self._order(uuid4(), began)

    def _order(self, order_id: UUID, began: float) -> None:
        try:
            self.side.order(self.sale_id, order_id)
        except self.side.sold_out:
            self.refused += 1
        except Exception as error:  # noqa: BLE001 - the bench ends with it
            self.error = error
        else:
            self.took_s[order_id] = time.perf_counter() - began


def rush(
    side: Side, sale_id: UUID, buyers: int, *, seconds: float = ENDLESS, orders: int = ENDLESS
) -> Rush:
    """Let a crowd buy for a while, or so many orders each, and check it against the log.

    :raises Trouble: if an order failed otherwise than by being sold out.
    """
    crowd = [Buyer(side, sale_id) for _ in range(buyers)]
    start = threading.Barrier(buyers + 1)
    threads = [
        threading.Thread(target=buyer.buy, args=(start, seconds, orders), daemon=True)
        for buyer in crowd
    ]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    all_s = time.perf_counter() - began
    errors = [buyer.error for buyer in crowd if buyer.error]
    if errors:
        raise Trouble(f"{side.name}: an order failed: {errors[0]!r}")
    times = sorted(itertools.chain.from_iterable(buyer.took_s.values() for buyer in crowd))
    p50_ms, p99_ms = (times[int(len(times) * part)] * 1000 for part in (0.5, 0.99))
    return Rush(
        orders_each_s=len(times) / all_s,
        p50_ms=p50_ms,
        p99_ms=p99_ms,
        acknowledged=frozenset(itertools.chain.from_iterable(b.took_s for b in crowd)),
        refused=sum(buyer.refused for buyer in crowd),
    )


def must_be_in_the_log(side: Side, sale_id: UUID, found: Rush) -> None:
    """Refuse the figures of a side whose log does not hold exactly what it acknowledged."""
    kept = side.orders(sale_id)
    if kept != found.acknowledged:
        missing, more = len(found.acknowledged - kept), len(kept - found.acknowledged)
        raise Trouble(f"{side.name}: {missing} orders are missing, {more} nobody was promised.")
