"""What a person in a room looks like from outside: on stage, in line, invited, inside."""

from datetime import datetime
from typing import Any
from uuid import UUID

from accounts import queries as accounts
from rooms.domain.words import Seat, SpeakInvitation
from rooms.models import ParticipantRow
from rooms.view import RoomView
from spaces_project.kernel.clock import rfc3339
from spaces_project.kernel.ids import public

Names = dict[UUID, accounts.Person]


def render_person(account_id: UUID, names: Names) -> dict[str, Any]:
    """Return a reference to a person; one whose account is gone has no name."""
    person = names.get(account_id)
    return {
        "account_id": public("acc", account_id),
        "name": person.name if person else "",
        "handle": person.handle if person else "",
    }


def render_seat(account_id: UUID, seat: Seat, names: Names) -> dict[str, Any]:
    """Return one seat of the stage."""
    return {
        **render_person(account_id, names),
        "role": seat.role.value,
        "muted": seat.muted,
        "muted_by": public("acc", seat.muted_by) if seat.muted_by else None,
    }


def render_hand(
    account_id: UUID, raised_at: datetime, position: int, names: Names
) -> dict[str, Any]:
    """Return one raised hand with its place in the line, from 1."""
    return {
        **render_person(account_id, names),
        "raised_at": rfc3339(raised_at),
        "position": position,
    }


def render_asked(account_id: UUID, offer: SpeakInvitation, names: Names) -> dict[str, Any]:
    """Return somebody who is invited to speak, and until when."""
    return {**render_person(account_id, names), "expires_at": rfc3339(offer.expires_at)}


def render_participant(row: ParticipantRow, view: RoomView, names: Names) -> dict[str, Any]:
    """Return somebody who is inside, and as what."""
    seat = view.seats.get(row.account_id)
    waits = row.hand_seq is not None
    role = seat.role.value if seat else ("requested" if waits else "listener")
    return {
        **render_person(row.account_id, names),
        "role": role,
        "joined_at": rfc3339(row.joined_at) if row.joined_at else None,
        "on_stage": row.seated,
    }


def render_removal(row: ParticipantRow, names: Names, *, liftable: bool) -> dict[str, Any]:
    """Return somebody who was put out, by whom and when."""
    assert row.removed_at is not None  # written together with the removal
    return {
        **render_person(row.account_id, names),
        "by": render_person(row.removed_by, names) if row.removed_by else None,
        "at": rfc3339(row.removed_at),
        "liftable": liftable,
    }
