"""Both sides of the bench: the same wishes to the product's commands and to the bare library."""

from typing import Protocol
from uuid import UUID, uuid4

from bench.house import House
from bench.ticket_sales import commands
from bench.ticket_sales.peer import PeerSales, PeerSoldOut
from bench.ticket_sales.sale import SoldOut, TicketSale
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.log.wish import idempotent


class Side(Protocol):
    """Where tickets are sold."""

    name: str
    sold_out: type[Exception]

    def open(self, capacity: int) -> UUID:
        """Put tickets up for sale."""

    def order(self, sale_id: UUID, order_id: UUID) -> None:
        """Order one ticket."""

    def orders(self, sale_id: UUID) -> set[UUID]:
        """Return what was ordered, by the log, replayed from its first event."""


class Ours:
    """Sales through the product's commands."""

    name = "ours"
    sold_out: type[Exception] = SoldOut

    def open(self, capacity: int) -> UUID:
        """Put tickets up for sale."""
        return commands.open_sale(sale_id=uuid4(), capacity=capacity).entity_id

    def order(self, sale_id: UUID, order_id: UUID) -> None:
        """Order one ticket, as the edge asks for it: under the client's key."""
        with idempotent("buyer", order_id.hex, b'{"quantity":1}'):
            commands.hold_tickets(sale_id=sale_id, order_id=order_id)

    def orders(self, sale_id: UUID) -> set[UUID]:
        """Return what was ordered."""
        return set(event_log().fill(TicketSale(sale_id)).orders)


class Peer:
    """Sales through the bare library."""

    name = "peer"
    sold_out: type[Exception] = PeerSoldOut

    def __init__(self, home: House, buyers: int) -> None:
        found = home.peer_application("hot_sale", PeerSales, pool=buyers)
        assert isinstance(found, PeerSales)
        self._application = found

    def open(self, capacity: int) -> UUID:
        """Put tickets up for sale."""
        return self._application.open_sale(capacity)

    def order(self, sale_id: UUID, order_id: UUID) -> None:
        """Order one ticket."""
        self._application.hold_tickets(sale_id, order_id)

    def orders(self, sale_id: UUID) -> set[UUID]:
        """Return what was ordered."""
        return {UUID(each) for each in self._application.orders(sale_id)}

    def close(self) -> None:
        """Close its connections."""
        self._application.close()
