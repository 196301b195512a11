"""Requests for a seat."""

from uuid import UUID

from accounts import queries as accounts
from rooms.commands.grounds import room_and_part, rules
from rooms.domain.words import SpeakPolicy
from spaces_project.kernel.clock import now
from spaces_project.kernel.commands import command
from spaces_project.kernel.log.event_log import Receipt, event_log


@command
def raise_hand(*, room_id: UUID, account_id: UUID) -> Receipt:
    """Ask for a seat; that takes a name."""
    accounts.must_have_name(account_id)
    room, part = room_and_part(room_id, account_id, account_id)
    room.must_let_ask(
        account_id,
        followed_by_host=room.speak_policy is SpeakPolicy.FOLLOWED_BY_HOST
        and accounts.follows_now(room.host_id, account_id),
    )
    part.raise_hand(now())
    return event_log().append(part)


@command
def lower_hand(*, room_id: UUID, account_id: UUID, by: UUID) -> Receipt:
    """Withdraw one's own request, or, as a leader, refuse somebody's."""
    room, part = room_and_part(room_id, account_id, by)
    room.must_be_live()
    if by != account_id:
        room.must_lead(by)
    part.lower_hand(by, now(), rules())
    return event_log().append(part)
