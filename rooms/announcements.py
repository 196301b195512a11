"""What an event says aloud to sockets and clients, and to whom."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts import queries as accounts
from rooms.domain.events import (
    HandLowered,
    HandRaised,
    Joined,
    Left,
    ParticipantBlocked,
    ParticipantRemoved,
    ParticipantUnblocked,
    PoliciesChanged,
    RoomCreated,
    RoomEnded,
    RoomStarted,
    Seated,
    SpeakerDemoted,
    SpeakerMuted,
    SpeakerPromoted,
    SpeakerSteppedDown,
    SpeakerUnmuted,
    Unseated,
)
from rooms.snapshots import render_person
from spaces_project.kernel.clock import rfc3339
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.ids import public
from spaces_project.kernel.log.event_log import Recorded
from spaces_project.kernel.sockets.frames import event_id

Names = dict[UUID, accounts.Person]

TYPES: dict[type[DomainEvent], str] = {
    RoomCreated: "room.created",
    RoomStarted: "room.started",
    RoomEnded: "room.ended",
    PoliciesChanged: "policies.changed",
    Joined: "participant.joined",
    Left: "participant.left",
    Seated: "participant.seated",
    Unseated: "participant.unseated",
    ParticipantRemoved: "participant.removed",
    ParticipantBlocked: "participant.blocked",
    ParticipantUnblocked: "participant.unblocked",
    HandRaised: "hand.raised",
    HandLowered: "hand.lowered",
    SpeakerPromoted: "speaker.promoted",
    SpeakerDemoted: "speaker.demoted",
    SpeakerSteppedDown: "speaker.demoted",
    SpeakerMuted: "speaker.muted",
    SpeakerUnmuted: "speaker.unmuted",
}


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


def people_named(events: list[Recorded]) -> Names:
    """Return the names that the announcements of these events need, in one look-up."""
    concerned = (getattr(recorded.event, "account_id", None) for recorded in events)
    return accounts.people_now(account_id for account_id in concerned if account_id)


def announce(recorded: Recorded, names: Names) -> Announcement:
    """Return the announcement of an event; one whose payload is gone is only a number."""
    happened, seq = recorded.event, recorded.seq
    kind = TYPES.get(type(happened))
    if kind is None:
        gone = {"type": "redacted", "seq": seq}
        return Announcement(gone, gone, None)
    full = {
        "type": kind,
        "seq": seq,
        "id": event_id(recorded),
        "at": rfc3339(happened.at),
        "actor": public("acc", happened.by) if happened.by else None,
        "data": _data(happened, names),
    }
    concerns: UUID | None = getattr(happened, "account_id", None)
    match happened:
        case ParticipantRemoved():
            public_words = {**full, "actor": None, "data": _person(happened.account_id, names)}
        case ParticipantBlocked():  # others see that someone is out, not that the host blocks
            public_words = {
                **full,
                "type": TYPES[ParticipantRemoved],
                "actor": None,
                "data": _person(happened.account_id, names),
            }
        case Left(by=by, account_id=account_id) if by != account_id:  # put out, not gone
            public_words = {**full, "actor": None}
        case ParticipantUnblocked():
            public_words = {"type": "redacted", "seq": seq}
        case _:
            public_words = full
    return Announcement(full, public_words, concerns)


def _data(happened: DomainEvent, names: Names) -> dict[str, Any]:
    match happened:
        case RoomCreated():
            return {
                "title": happened.title,
                "description": happened.description,
                "topic_ids": happened.topic_ids,
                "creator_id": public("acc", happened.host_id),
                "stage_size": happened.seat_policy.stage_size,
                **_policies(happened),
            }
        case RoomStarted():
            return {}
        case RoomEnded(reason=reason):
            return {"reason": reason}
        case PoliciesChanged():
            return _policies(happened)
        case ParticipantRemoved(account_id=account_id, reason=reason):
            return {**_person(account_id, names), "reason": reason}
        case SpeakerDemoted(account_id=account_id):
            return {**_person(account_id, names), "stepped_down": False}
        case SpeakerSteppedDown(account_id=account_id):
            return {**_person(account_id, names), "stepped_down": True}
    return _person(getattr(happened, "account_id"), names)  # noqa: B009 - every other one has it


def _policies(happened: RoomCreated | PoliciesChanged) -> dict[str, Any]:
    return {
        "audience_policy": happened.audience_policy.value,
        "speak_policy": happened.speak_policy.value,
    }


def _person(account_id: UUID, names: Names) -> dict[str, Any]:
    return render_person(account_id, names)
