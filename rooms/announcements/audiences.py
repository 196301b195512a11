"""To whom an event is told, and how much of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from accounts import queries as accounts
from rooms.announcements.types import TYPES
from rooms.announcements.words import Names, data_of
from rooms.domain import events
from rooms.snapshots import render_person
from spaces_project.kernel.clock import rfc3339
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.ids import public
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.sockets.frames import event_id

# Whom one asks, who says no, and whom one let back: between the leaders and that person.
PRIVATE: Final = (
    events.Invited,
    events.Uninvited,
    events.InvitationDeclined,
    events.InvitedToSpeak,
    events.SpeakInvitationAccepted,
    events.SpeakInvitationDeclined,
    events.SpeakInvitationCancelled,
    events.SpeakInvitationExpired,
    events.RemovalLifted,
    events.ParticipantUnblocked,
    events.GuestAdmitted,
)

# What a leader takes from somebody: all see what became of it, not who did it. A removal from the
# stage is told in these events, too. Who muted somebody is no secret: it stands at the seat.
TAKEN: Final = (events.Left, events.Unseated, events.SpeakerDemoted)


@dataclass(frozen=True, slots=True)
class Announcement:
    """The words of one event: ``full`` for leaders and the person concerned, ``public`` for all.

    They are the same object where there is nothing to hide.
    """

    full: dict[str, Any]
    public: dict[str, Any]
    concerns: UUID | None

    def words_for(self, account_id: UUID, *, leads: bool) -> dict[str, Any]:
        """Return what somebody may hear."""
        return self.full if leads or self.concerns == account_id else self.public


def people_named(batch: Iterable[Recorded]) -> Names:
    """Return the names that the announcements of a batch need, in one look-up."""
    concerned = (getattr(recorded.event, "account_id", None) for recorded in batch)
    return accounts.people_now(account_id for account_id in concerned if account_id)


def announce(recorded: Recorded, names: Names) -> Announcement:
    """Return the announcement of an event; one whose payload is gone is only a number."""
    happened = recorded.event
    kind = TYPES.get(type(happened))
    if kind is None:
        gone = {"type": "redacted", "seq": recorded.seq}
        return Announcement(gone, gone, None)
    full = {
        "type": kind,
        "seq": recorded.seq,
        "id": event_id(recorded),
        "at": rfc3339(happened.at),
        "actor": public("acc", happened.by) if happened.by else None,
        "data": data_of(happened, names),
    }
    concerns: UUID | None = getattr(happened, "account_id", None)
    return Announcement(full, _for_everybody(happened, full, names), concerns)


def _for_everybody(happened: DomainEvent, full: dict[str, Any], names: Names) -> dict[str, Any]:
    """Return what everybody may hear; ``full`` itself, if there is nothing to hide."""
    match happened:
        case events.ParticipantRemoved() | events.ParticipantBlocked():
            # Others see that someone is out, not who did it, why, or that the host blocks.
            return {
                **full,
                "type": TYPES[events.ParticipantRemoved],
                "actor": None,
                "data": render_person(happened.account_id, names),
            }
    if isinstance(happened, TAKEN) and happened.by not in {happened.account_id, None}:
        return {**full, "actor": None}
    if isinstance(happened, PRIVATE):
        return {"type": "redacted", "seq": full["seq"]}
    return full
