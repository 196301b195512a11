"""The ``data`` of an announcement: what an event tells, in public identifiers."""

from typing import Any
from uuid import UUID

from accounts import queries as accounts
from rooms.domain import events
from rooms.snapshots import render_person
from spaces_project.kernel.clock import rfc3339
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.ids import public

Names = dict[UUID, accounts.Person]


def data_of(happened: DomainEvent, names: Names) -> dict[str, Any]:
    """Return what an event tells to whoever may hear all of it."""
    if isinstance(happened, events.ParticipationEvent):
        return {**render_person(happened.account_id, names), **_of_participation(happened)}
    account_id: UUID | None = getattr(happened, "account_id", None)
    person = {} if account_id is None else render_person(account_id, names)
    return {**person, **_of_room(happened)}


def _of_participation(happened: events.ParticipationEvent) -> dict[str, Any]:
    """Return what is said beside the person's name."""
    match happened:
        case events.ParticipantRemoved(reason=reason):
            return {"reason": reason}
        case events.InvitedToSpeak(expires_at=expires_at):
            return {"expires_at": rfc3339(expires_at)}
        case events.Left(may_ask_from=at) | events.HandLowered(may_ask_from=at) if at is not None:
            return {"may_ask_from": rfc3339(at)}
        case events.Dropped(seat_kept_until=until):
            return {"seat_kept_until": rfc3339(until)}
    return {}


def _of_room(happened: DomainEvent) -> dict[str, Any]:
    match happened:
        case events.RoomCreated():
            return {
                "title": happened.title,
                "description": happened.description,
                "topic_ids": happened.topic_ids,
                "creator_id": public("acc", happened.host_id),
                "stage_size": happened.seat_policy.stage_size,
                **_policies(happened),
            }
        case events.PoliciesChanged():
            return _policies(happened)
        case events.RoomEnded(reason=reason):
            return {"reason": reason}
        case events.EndingSoon(ends_at=ends_at):
            return {"ends_at": rfc3339(ends_at)}
    return _of_card(happened) or _of_stage(happened)


def _of_card(happened: DomainEvent) -> dict[str, Any]:
    match happened:
        case events.TitleChanged(title=title):
            return {"title": title}
        case events.DescriptionChanged(description=description):
            return {"description": description}
        case events.TopicsChanged(topic_ids=topic_ids):
            return {"topic_ids": topic_ids}
        case events.Pinned(pin_id=pin_id, text=text, url=url):
            return {"pin_id": public("pin", pin_id), "text": text, "url": url}
        case events.Unpinned(pin_id=pin_id):
            return {"pin_id": public("pin", pin_id)}
    return {}


def _of_stage(happened: DomainEvent) -> dict[str, Any]:
    match happened:
        case events.SpeakerDemoted():
            return {"stepped_down": False}
        case events.SpeakerSteppedDown():
            return {"stepped_down": True}
        case events.HostHandedOver(former_host_id=former, cause=cause):
            return {"former_host_id": public("acc", former), "cause": cause}
        case events.AllMuted(account_ids=account_ids):
            return {"account_ids": [public("acc", account_id) for account_id in account_ids]}
    return {}


def _policies(happened: events.RoomCreated | events.PoliciesChanged) -> dict[str, Any]:
    return {
        "audience_policy": happened.audience_policy.value,
        "speak_policy": happened.speak_policy.value,
    }
