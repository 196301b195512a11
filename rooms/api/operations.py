"""What clients are told of the addresses of rooms."""

from typing import Final

from rooms.api.discovery_schemas import DOOR, HOSTING, INBOX, INBOX_READ, TRAY
from rooms.api.mine import Until
from rooms.api.reactions import Reaction
from rooms.api.schemas import (
    ACCOUNT_ID,
    HANDS,
    HISTORY,
    INVITED,
    PARTICIPANTS,
    PARTICIPATION,
    REACTION,
    REMOVED_PAGE,
    ROOM,
    ROOMS,
    STATE,
)
from rooms.api.serializers import (
    ChangeRoom,
    Empty,
    Invitation,
    NewPin,
    OpenRoom,
    Removal,
    Somebody,
)
from rooms.domain.errors import (
    FollowersInvitedAlready,
    InvitationIsOver,
    LeadersOnly,
    NotInRoom,
    NotInvited,
    RoomNotLive,
    StageIsFull,
    TooManyCohosts,
    TooManyPins,
)
from spaces_project.kernel.refusals import Kind
from spaces_project.kernel.schemas import COUNT, TEXT, TIME
from spaces_project.kernel.web.operations import PAGED, Operation, Operations, Parameter

SOMEBODY: Final = "acc_01k9z6vw5gf3t8m2c4x7r1pq0n"

OPERATIONS: Final[Operations] = {
    "GET rooms": Operation(
        "list_rooms",
        ROOMS,
        query={
            "ids": Parameter(TEXT, "Only these rooms: up to 100 identifiers, commas between."),
            "creator_ids": Parameter(TEXT, "Only rooms that these opened: up to 100 people."),
            "state": Parameter(STATE),
            "host_id": Parameter(ACCOUNT_ID, "Only rooms of this host."),
            "followed": Parameter({"const": "true"}, "Only rooms whose host you follow."),
            "topic": Parameter(TEXT, "Only rooms with this topic."),
            "query": Parameter(
                TEXT, "How words of title, topics, or the host's name or handle begin."
            ),
            **PAGED,
        },
    ),
    "POST rooms": Operation(
        "open_room",
        ROOM,
        status=201,
        body=OpenRoom,
        sent={"title": "Evening talk", "topic_ids": ["books"]},
        headers=("Location",),
    ),
    "GET accounts/me/hosting": Operation("show_hosting", HOSTING),
    "GET accounts/me/inbox": Operation("show_inbox", INBOX, query=dict(PAGED)),
    "PUT accounts/me/inbox/read": Operation(
        "read_inbox",
        INBOX_READ,
        body=Until,
        sent={"until": "2026-11-20T10:40:59.615Z"},
        command=False,
    ),
    "GET tray": Operation("show_tray", TRAY),
    "GET rooms/{room_id}": Operation(
        "show_room",
        ROOM,
        also={304: None},
        headers=("ETag",),
        takes=("If-None-Match",),
    ),
    "GET rooms/{room_id}/door": Operation(
        "show_door",
        DOOR,
        open=True,
        about="Only of live public rooms; of others it tells nobody that there are such.",
    ),
    "PATCH rooms/{room_id}": Operation(
        "change_room", ROOM, body=ChangeRoom, sent={"audience_policy": "followers"}
    ),
    "POST rooms/{room_id}/start": Operation("start_room", ROOM, body=Empty),
    "POST rooms/{room_id}/end": Operation("end_room", ROOM, body=Empty),
    "POST rooms/{room_id}/join": Operation("join_room", PARTICIPATION, body=Empty),
    "POST rooms/{room_id}/leave": Operation("leave_room", PARTICIPATION, body=Empty),
    "POST rooms/{room_id}/handover": Operation(
        "hand_over", ROOM, body=Somebody, sent={"account_id": SOMEBODY}
    ),
    "POST rooms/{room_id}/invitations": Operation(
        "invite",
        INVITED,
        body=Invitation,
        sent={"account_ids": [SOMEBODY], "to": "speak"},
        refusals=(FollowersInvitedAlready, StageIsFull),
    ),
    "DELETE rooms/{room_id}/invitations/{account_id}": Operation(
        "cancel_invitation", PARTICIPATION, refusals=(NotInvited,)
    ),
    "POST rooms/{room_id}/invitations/accept": Operation(
        "accept_invitation",
        PARTICIPATION,
        body=Empty,
        refusals=(NotInvited, InvitationIsOver, StageIsFull),
    ),
    "POST rooms/{room_id}/invitations/decline": Operation(
        "decline_invitation", PARTICIPATION, body=Empty, refusals=(NotInvited, InvitationIsOver)
    ),
    "GET rooms/{room_id}/hands": Operation(
        "list_hands", HANDS, query=dict(PAGED), problems=(Kind.CONFLICT,)
    ),
    "POST rooms/{room_id}/hands": Operation("raise_hand", PARTICIPATION, body=Empty),
    "DELETE rooms/{room_id}/hands/{account_id}": Operation("lower_hand", PARTICIPATION),
    "PUT rooms/{room_id}/speakers/{account_id}": Operation(
        "promote_speaker", ROOM, body=Empty, refusals=(StageIsFull,)
    ),
    "DELETE rooms/{room_id}/speakers/{account_id}": Operation("demote_speaker", ROOM),
    "PUT rooms/{room_id}/cohosts/{account_id}": Operation(
        "appoint_cohost", ROOM, body=Empty, refusals=(TooManyCohosts,)
    ),
    "DELETE rooms/{room_id}/cohosts/{account_id}": Operation("dismiss_cohost", ROOM),
    "POST rooms/{room_id}/mute-all": Operation("mute_all", ROOM, body=Empty),
    "PUT rooms/{room_id}/muted/{account_id}": Operation("mute", ROOM, body=Empty),
    "DELETE rooms/{room_id}/muted/{account_id}": Operation("unmute", ROOM),
    "GET rooms/{room_id}/removed": Operation(
        "list_removed",
        REMOVED_PAGE,
        query=dict(PAGED),
        refusals=(LeadersOnly,),
        problems=(Kind.CONFLICT,),
    ),
    "PUT rooms/{room_id}/removed/{account_id}": Operation(
        "remove_participant", PARTICIPATION, body=Removal, sent={"reason": "Shouting."}
    ),
    "DELETE rooms/{room_id}/removed/{account_id}": Operation("lift_removal", PARTICIPATION),
    "PUT rooms/{room_id}/blocked/{account_id}": Operation(
        "block_participant", PARTICIPATION, body=Empty
    ),
    "DELETE rooms/{room_id}/blocked/{account_id}": Operation("unblock_participant", PARTICIPATION),
    "POST rooms/{room_id}/pins": Operation(
        "pin",
        ROOM,
        status=201,
        body=NewPin,
        sent={"text": "What we talk about"},
        headers=("Location",),
        refusals=(TooManyPins,),
    ),
    "DELETE rooms/{room_id}/pins/{pin_id}": Operation("unpin", ROOM),
    "GET rooms/{room_id}/participants": Operation(
        "list_participants", PARTICIPANTS, query=dict(PAGED), problems=(Kind.CONFLICT,)
    ),
    "POST rooms/{room_id}/reactions": Operation(
        "react",
        REACTION,
        status=202,
        body=Reaction,
        sent={"emoji": "👏"},
        command=False,
        takes=("Idempotency-Key",),
        refusals=(NotInRoom, RoomNotLive),
    ),
    "GET rooms/{room_id}/at": Operation(
        "show_room_at",
        ROOM,
        query={
            "seq": Parameter({"type": "integer", "minimum": 1}, "Right after this event; or"),
            "t": Parameter(TIME, "at this time."),
        },
        problems=(Kind.CONFLICT,),
    ),
    "GET rooms/{room_id}/events": Operation(
        "list_room_events",
        HISTORY,
        query={
            "after": Parameter({**COUNT, "default": 0}, "Only events behind this seq."),
            "wait": Parameter(
                {"type": "integer", "minimum": 0, "maximum": 25, "default": 0},
                "Seconds to hold the request until there is one.",
            ),
            "limit": Parameter(
                {"type": "integer", "minimum": 1, "maximum": 1000, "default": 200},
                "How many at most.",
            ),
        },
    ),
}
