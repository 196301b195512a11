"""One sale: so many tickets, each order once."""

from datetime import datetime
from uuid import UUID

from spaces_project.kernel.entity import DomainEvent, Entity, when
from spaces_project.kernel.refusals import Kind, Refusal


class SoldOut(Refusal):
    """There are not as many tickets left."""

    kind, code, title = Kind.CONFLICT, "sold-out", "There are not as many tickets left."


class OrderDiffers(Refusal):
    """An order of this number asked for something else."""

    kind, code, title = Kind.CONFLICT, "order-differs", "This order asked for something else."


class NoSuchOrder(Refusal):
    """Nothing is held for this order."""

    kind, code, title = Kind.NOT_FOUND, "no-such-order", "Nothing is held for this order."


class SaleOpened(DomainEvent, frozen=True):
    """Tickets are for sale."""

    TOPIC = "bench.SaleOpened"
    capacity: int


class TicketsHeld(DomainEvent, frozen=True):
    """Tickets were set aside for an order."""

    TOPIC = "bench.TicketsHeld"
    order_id: UUID
    quantity: int


class HoldReleased(DomainEvent, frozen=True):
    """An order was given up; its tickets are for sale again."""

    TOPIC = "bench.HoldReleased"
    order_id: UUID


class TicketSale(Entity):
    """A sale.

    Whatever order commands arrive in:

    * never more tickets are held than there are;
    * an order holds its tickets once, however often it is asked for.
    """

    TOPIC = "bench.TicketSale"

    def __init__(self, entity_id: UUID) -> None:
        super().__init__(entity_id)
        self.capacity = 0
        self.taken = 0
        self.orders: dict[UUID, int] = {}

    def open(self, capacity: int, at: datetime) -> None:
        """Put so many tickets up for sale."""
        self.record(SaleOpened, at=at, capacity=capacity)

    def hold(self, order_id: UUID, quantity: int, at: datetime) -> None:
        """Set tickets aside for an order; asked again, it changes nothing."""
        held = self.orders.get(order_id)
        if held == quantity:
            return
        if held is not None:
            raise OrderDiffers(held=held)
        if self.taken + quantity > self.capacity:
            raise SoldOut(left=self.capacity - self.taken)
        self.record(TicketsHeld, at=at, order_id=order_id, quantity=quantity)

    def release(self, order_id: UUID, at: datetime) -> None:
        """Give an order's tickets back."""
        if order_id not in self.orders:
            raise NoSuchOrder
        self.record(HoldReleased, at=at, order_id=order_id)

    # No rules below this line, only consequences: they run again on every replay.

    @when(SaleOpened)
    def _opened(self, event: SaleOpened) -> None:
        self.capacity = event.capacity

    @when(TicketsHeld)
    def _held(self, event: TicketsHeld) -> None:
        self.orders[event.order_id] = event.quantity
        self.taken += event.quantity

    @when(HoldReleased)
    def _released(self, event: HoldReleased) -> None:
        self.taken -= self.orders.pop(event.order_id)
