"""The same sale as the library's guide has it: load, decide, save; and again if too late."""

from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import IntegrityError


class PeerSoldOut(Exception):
    """There are not as many tickets left."""


class PeerSale(Aggregate):
    """A sale, by the library's own aggregate."""

    @event("Opened")
    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.taken = 0
        self.orders: dict[str, int] = {}

    def hold(self, order_id: str, quantity: int) -> None:
        """Set tickets aside for an order; asked again, it changes nothing."""
        if order_id in self.orders:
            return
        if self.taken + quantity > self.capacity:
            raise PeerSoldOut
        self._held(order_id, quantity)

    @event("Held")
    def _held(self, order_id: str, quantity: int) -> None:
        self.orders[order_id] = quantity
        self.taken += quantity


class PeerSales(Application[UUID]):
    """Sales, optimistically."""

    def open_sale(self, capacity: int) -> UUID:
        """Put tickets up for sale."""
        sale = PeerSale(capacity)
        self.save(sale)
        return sale.id

    def hold_tickets(self, sale_id: UUID, order_id: UUID) -> int:
        """Set a ticket aside for an order; return how often somebody else was faster."""
        lost = 0
        while True:
            sale: PeerSale = self.repository.get(sale_id)
            sale.hold(str(order_id), 1)
            try:
                self.save(sale)
            except IntegrityError:
                lost += 1
            else:
                return lost

    def orders(self, sale_id: UUID) -> dict[str, int]:
        """Return what is held, by order."""
        sale: PeerSale = self.repository.get(sale_id)
        return sale.orders
