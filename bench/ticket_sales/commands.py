"""What may be asked of a sale: in its mailbox, or by whoever is first."""

from uuid import UUID

from bench.ticket_sales.sale import TicketSale
from spaces_project.kernel.clock import now
from spaces_project.kernel.commands import command
from spaces_project.kernel.hot_commands import Decision, in_mailbox
from spaces_project.kernel.log.event_log import Receipt, event_log


@command
def open_sale(*, sale_id: UUID, capacity: int) -> Receipt:
    """Put tickets up for sale."""
    sale = TicketSale(sale_id)
    sale.open(capacity, now())
    return event_log().append(sale)


@in_mailbox
def hold_tickets(*, sale_id: UUID, order_id: UUID, quantity: int = 1) -> Decision[TicketSale]:
    """Set tickets aside for an order."""
    at = now()
    return Decision(TicketSale, sale_id, lambda sale: sale.hold(order_id, quantity, at))


@in_mailbox
def release_tickets(*, sale_id: UUID, order_id: UUID) -> Decision[TicketSale]:
    """Give an order's tickets back."""
    at = now()
    return Decision(TicketSale, sale_id, lambda sale: sale.release(order_id, at))


@command
def hold_tickets_in_a_race(*, sale_id: UUID, order_id: UUID, quantity: int = 1) -> Receipt:
    """Set tickets aside for an order as other commands do: load, decide, be the first."""
    sale = event_log().load(TicketSale, sale_id)
    sale.hold(order_id, quantity, now())
    return event_log().append(sale)
