"""A room's history in words: one sentence for each kind of event, as staff would say it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from accounts import queries as accounts
from rooms import events as happened
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.log.event_log import Recorded

Name = Callable[[UUID | None], str]
Sentence = Callable[[Any, Name], str]

NOBODY: Final = "Somebody"
PEOPLE: Final = ("account_id", "by", "former_host_id", "host_id")
ENDINGS: Final = {
    "host": "{by} ended the room.",
    "empty": "The room ended, because nobody was there.",
    "host_absent": "The room ended, because nobody hosted it any more.",
    "longest": "The room ended, because it had come to the longest time that a room may last.",
}


def story(events: Sequence[Recorded]) -> list[tuple[Recorded, str]]:
    """Return each event that can still be read with its sentence; what is purged is silent."""
    names = accounts.people_now(_concerned(events))

    def name(account_id: UUID | None) -> str:
        person = names.get(account_id) if account_id else None
        return person.name if person else NOBODY

    return [
        (recorded, sentence(recorded.event, name))
        for recorded in events
        if type(recorded.event) in SENTENCES
    ]


def _concerned(events: Iterable[Recorded]) -> set[UUID]:
    people: set[UUID] = set()
    for recorded in events:
        people.update(
            found
            for member in PEOPLE
            if (found := getattr(recorded.event, member, None)) is not None
        )
        people.update(getattr(recorded.event, "account_ids", ()))
    return people


def _who(text: str) -> Sentence:
    """Return the sentence in which {who} is the person concerned, and {by} whoever did it."""
    return lambda e, name: text.format(who=name(getattr(e, "account_id", None)), by=name(e.by))


def _lowered(e: happened.HandLowered, name: Name) -> str:
    if e.by == e.account_id:
        return f"{name(e.account_id)} lowered the hand."
    return f"{name(e.by)} did not bring {name(e.account_id)} onto the stage."


def _left(e: happened.Left, name: Name) -> str:
    if e.by is None:
        return f"{name(e.account_id)} lost the connection and is gone."
    if e.by != e.account_id:
        return f"{name(e.account_id)} had to go."
    return f"{name(e.account_id)} left."


def _muted(e: happened.SpeakerMuted, name: Name) -> str:
    if e.by == e.account_id:
        return f"{name(e.account_id)} closed the microphone."
    if e.by is None:
        return f"{name(e.account_id)}'s microphone was closed."
    return f"{name(e.by)} muted {name(e.account_id)}."


def _appointed(e: happened.CohostAppointed, name: Name) -> str:
    if e.by == e.account_id:  # the former host, after a hand-over
        return f"{name(e.account_id)} stays as a co-host."
    return f"{name(e.by)} made {name(e.account_id)} a co-host."


def _handed_over(e: happened.HostHandedOver, name: Name) -> str:
    if e.cause == "host_dropped":
        return f"{name(e.former_host_id)} did not come back; {name(e.account_id)} hosts now."
    return f"{name(e.former_host_id)} made {name(e.account_id)} the host."


def _removed(e: happened.ParticipantRemoved, name: Name) -> str:
    why = f": {e.reason}" if e.reason else "."
    return f"{name(e.by)} removed {name(e.account_id)}{why}"


def _all_muted(e: happened.AllMuted, name: Name) -> str:
    return f"{name(e.by)} muted everybody: {', '.join(map(name, e.account_ids))}."


def _policies(e: happened.PoliciesChanged, name: Name) -> str:
    audience, speak = e.audience_policy.value, e.speak_policy.value
    return f"{name(e.by)} changed who may listen ({audience}) and who may ask to speak ({speak})."


def _pinned(e: happened.Pinned, name: Name) -> str:
    return f"{name(e.by)} pinned: {e.text or e.url}"


def _ended(e: happened.RoomEnded, name: Name) -> str:
    return ENDINGS.get(e.reason, "The room ended.").format(by=name(e.by))


SENTENCES: Final[dict[type[DomainEvent], Sentence]] = {
    happened.RoomCreated: lambda e, name: f"{name(e.host_id)} opened the room “{e.title}”.",
    happened.RoomStarted: _who("{by} let the room go live."),
    happened.RoomEnded: _ended,
    happened.PoliciesChanged: _policies,
    happened.TitleChanged: lambda e, name: f"{name(e.by)} called the room “{e.title}”.",
    happened.DescriptionChanged: _who("{by} described the room anew."),
    happened.TopicsChanged: _who("{by} chose other topics."),
    happened.FollowersInvited: _who("{by} invited all followers."),
    happened.CohostAppointed: _appointed,
    happened.CohostDismissed: _who("{by} dismissed {who} as a co-host."),
    happened.HostHandedOver: _handed_over,
    happened.Pinned: _pinned,
    happened.Unpinned: _who("{by} took a pin down."),
    happened.AllMuted: _all_muted,
    happened.EndingSoon: lambda e, _: f"Everybody was warned that the room ends {e.ends_at:%H:%M}.",
    happened.SpeakerPromoted: _who("{by} brought {who} onto the stage."),
    happened.SpeakerDemoted: _who("{by} moved {who} to the audience."),
    happened.SpeakerSteppedDown: _who("{who} stepped down."),
    happened.SpeakerMuted: _muted,
    happened.SpeakerUnmuted: _who("{who} opened the microphone."),
    happened.SeatLapsed: _who("{who} did not come back; the seat is free."),
    happened.Joined: _who("{who} came in."),
    happened.Left: _left,
    happened.Dropped: _who("{who} is away; the seat is kept."),
    happened.Returned: _who("{who} is back in the same seat."),
    happened.HandRaised: _who("{who} asked to speak."),
    happened.HandLowered: _lowered,
    happened.Seated: _who("{who} sits on the stage."),
    happened.Unseated: _who("{who} sits in the audience."),
    happened.Invited: _who("{by} invited {who}."),
    happened.Uninvited: _who("{by} took {who}'s invitation back."),
    happened.InvitationDeclined: _who("{who} declined to come."),
    happened.InvitedToSpeak: _who("{by} invited {who} to speak."),
    happened.SpeakInvitationAccepted: _who("{who} agreed to speak."),
    happened.SpeakInvitationDeclined: _who("{who} would rather listen."),
    happened.SpeakInvitationCancelled: _who("{by} took the invitation to speak back from {who}."),
    happened.SpeakInvitationExpired: _who("{who} did not answer the invitation to speak."),
    happened.ParticipantRemoved: _removed,
    happened.RemovalLifted: _who("{by} let {who} come in again."),
    happened.ParticipantBlocked: _who("{by} blocked {who}."),
    happened.ParticipantUnblocked: _who("{by} unblocked {who}."),
    happened.GuestAdmitted: _who("{who} is on the guest list."),
}


def sentence(event: DomainEvent, name: Name) -> str:
    """Return what happened, with names in place of ids."""
    return SENTENCES[type(event)](event, name)
