"""Discovery: what lists, search, tray and inbox ask of rooms."""

from collections.abc import Callable, Iterable
from typing import Any, Final
from uuid import UUID

from rooms.discovery import DISCOVERY
from rooms.domain.events import (
    CohostAppointed,
    CohostDismissed,
    FollowersInvited,
    GuestAdmitted,
    HostHandedOver,
    InvitationDeclined,
    Invited,
    InvitedToSpeak,
    ParticipationEvent,
    PoliciesChanged,
    RoomCreated,
    RoomEnded,
    RoomStarted,
    SeatLapsed,
    SpeakerDemoted,
    SpeakerPromoted,
    SpeakerSteppedDown,
    SpeakInvitationAccepted,
    SpeakInvitationCancelled,
    SpeakInvitationDeclined,
    SpeakInvitationExpired,
    TitleChanged,
    TopicsChanged,
    Uninvited,
)
from rooms.domain.words import Role, RoomState
from rooms.projections.discovery_rows import (
    GUEST,
    INVITATIONS,
    LISTINGS,
    NOBODY_INVITED,
    NOBODY_ON_STAGE,
    ROOM,
    SPEAK,
    STAGES,
    InvitationCells,
    ListingCells,
    StageCells,
    place_of,
    vector_of,
)
from spaces_project.kernel.entity import DomainEvent
from spaces_project.kernel.following.read_model import FoldReadModel
from spaces_project.kernel.following.rows import Rows
from spaces_project.kernel.following.tables import Key, Table
from spaces_project.kernel.log.event_log import Recorded

HOST_DROPPED: Final = "host_dropped"


class Discovery(FoldReadModel):
    """One row per room; per seat and per invitation, as long as the room is not over."""

    name = DISCOVERY
    folded = (LISTINGS, STAGES, INVITATIONS)

    def concerns(self, recorded: Recorded) -> Iterable[tuple[Table[Any], Key]]:
        """Return the room, the seats, or the person's invitations."""
        room_id, happened = recorded.room_id, recorded.event
        if isinstance(happened, ParticipationEvent):
            for kind in (ROOM, SPEAK, GUEST):
                yield INVITATIONS, (room_id, happened.account_id, kind)
            return
        yield LISTINGS, room_id
        for member in ("account_id", "former_host_id"):
            account_id = getattr(happened, member, None)
            if account_id is not None:
                yield STAGES, (room_id, account_id)

    def fold(self, recorded: Recorded, rows: Rows) -> None:
        """Change what one event changes."""
        assert recorded.room_id is not None
        _CHANGES[type(recorded.event)](rows, recorded.room_id, recorded.event)


def _create(rows: Rows, room_id: UUID, happened: RoomCreated) -> None:
    state = RoomState.SCHEDULED
    row = ListingCells(
        room_id=room_id,
        state=state,
        place=place_of(room_id, state),
        host_id=happened.host_id,
        creator_id=happened.host_id,
        title=happened.title,
        topic_ids=happened.topic_ids,
        words=vector_of(happened.title, happened.topic_ids),
        audience_policy=happened.audience_policy,
    )
    rows[LISTINGS].add(room_id, row)
    _sit(rows, room_id, happened.host_id, Role.HOST)


def _start(rows: Rows, room_id: UUID, happened: RoomStarted) -> None:
    room = _listed(rows, room_id)
    room.be(RoomState.LIVE)
    room.started_at = happened.at


def _end(rows: Rows, room_id: UUID, _happened: RoomEnded) -> None:
    room = _listed(rows, room_id)
    room.be(RoomState.ENDED)
    room.followers_invited_at = room.followers_invited_by = None
    rows[STAGES].remove_group(room_id, elsewhere=NOBODY_ON_STAGE)
    rows[INVITATIONS].remove_group(room_id, elsewhere=NOBODY_INVITED)


def _change_policies(rows: Rows, room_id: UUID, happened: PoliciesChanged) -> None:
    _listed(rows, room_id).audience_policy = happened.audience_policy


def _change_title(rows: Rows, room_id: UUID, happened: TitleChanged) -> None:
    room = _listed(rows, room_id)
    room.title = happened.title
    room.find_by()


def _change_topics(rows: Rows, room_id: UUID, happened: TopicsChanged) -> None:
    room = _listed(rows, room_id)
    room.topic_ids = happened.topic_ids
    room.find_by()


def _invite_followers(rows: Rows, room_id: UUID, happened: FollowersInvited) -> None:
    room = _listed(rows, room_id)
    room.followers_invited_at, room.followers_invited_by = happened.at, happened.by


def _hand_over(rows: Rows, room_id: UUID, happened: HostHandedOver) -> None:
    _listed(rows, room_id).host_id = happened.account_id
    if happened.cause == HOST_DROPPED:
        rows[STAGES].remove((room_id, happened.former_host_id))
    else:
        _sit(rows, room_id, happened.former_host_id, Role.SPEAKER)
    _sit(rows, room_id, happened.account_id, Role.HOST)


def _speak(rows: Rows, room_id: UUID, happened: SpeakerPromoted | CohostDismissed) -> None:
    _sit(rows, room_id, happened.account_id, Role.SPEAKER)


def _appoint(rows: Rows, room_id: UUID, happened: CohostAppointed) -> None:
    _sit(rows, room_id, happened.account_id, Role.COHOST)


def _stand_up(
    rows: Rows, room_id: UUID, happened: SpeakerDemoted | SpeakerSteppedDown | SeatLapsed
) -> None:
    rows[STAGES].remove((room_id, happened.account_id))


def _sit(rows: Rows, room_id: UUID, account_id: UUID, role: Role) -> None:
    seat = rows[STAGES].change((room_id, account_id))
    if seat is None:
        rows[STAGES].add((room_id, account_id), StageCells(room_id, account_id, role))
    else:
        seat.role = role


def _invite(rows: Rows, room_id: UUID, happened: Invited) -> None:
    _let_in(rows, room_id, happened, ROOM)


def _admit(rows: Rows, room_id: UUID, happened: GuestAdmitted) -> None:
    _let_in(rows, room_id, happened, GUEST)


def _offer_a_seat(rows: Rows, room_id: UUID, happened: InvitedToSpeak) -> None:
    _let_in(rows, room_id, happened, SPEAK).expires_at = happened.expires_at


def _let_in(rows: Rows, room_id: UUID, happened: ParticipationEvent, kind: str) -> InvitationCells:
    key = (room_id, happened.account_id, kind)
    rows[INVITATIONS].remove(key)
    row = InvitationCells(*key, invited_by=happened.by, at=happened.at)
    return rows[INVITATIONS].add(key, row)


def _uninvite(rows: Rows, room_id: UUID, happened: Uninvited | InvitationDeclined) -> None:
    rows[INVITATIONS].remove((room_id, happened.account_id, ROOM))


def _answer(rows: Rows, room_id: UUID, happened: ParticipationEvent) -> None:
    rows[INVITATIONS].remove((room_id, happened.account_id, SPEAK))


def _listed(rows: Rows, room_id: UUID) -> ListingCells:
    row = rows[LISTINGS].change(room_id)
    if row is None:
        raise LookupError(f"there is no room {room_id}")
    return row


_CHANGES: Final[dict[type[DomainEvent], Callable[[Rows, UUID, Any], None]]] = {
    RoomCreated: _create,
    RoomStarted: _start,
    RoomEnded: _end,
    PoliciesChanged: _change_policies,
    TitleChanged: _change_title,
    TopicsChanged: _change_topics,
    FollowersInvited: _invite_followers,
    HostHandedOver: _hand_over,
    SpeakerPromoted: _speak,
    CohostDismissed: _speak,
    CohostAppointed: _appoint,
    SpeakerDemoted: _stand_up,
    SpeakerSteppedDown: _stand_up,
    SeatLapsed: _stand_up,
    Invited: _invite,
    GuestAdmitted: _admit,
    InvitedToSpeak: _offer_a_seat,
    Uninvited: _uninvite,
    InvitationDeclined: _uninvite,
    SpeakInvitationAccepted: _answer,
    SpeakInvitationDeclined: _answer,
    SpeakInvitationCancelled: _answer,
    SpeakInvitationExpired: _answer,
}
Discovery.listen_to = tuple(_CHANGES)
