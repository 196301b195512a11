"""What rooms and the people in them look like, over REST and in a socket's snapshot."""

from typing import Final

from rooms.domain.reactions import EMOJI
from rooms.domain.words import AudiencePolicy, Role, RoomState, SpeakPolicy
from spaces_project.kernel.schemas import (
    COUNT,
    FLAG,
    TEXT,
    TIME,
    Schema,
    identifier,
    list_of,
    maybe,
    named,
    page_of,
    thing,
    told,
    word,
)

ROOM_ID: Final = identifier("room")
ACCOUNT_ID: Final = identifier("acc")
SEQ: Final = told(COUNT, "The number of the newest event of the room that this tells of.")
STATE: Final = named("RoomState", word(*RoomState))
AUDIENCE_POLICY: Final = named("AudiencePolicy", word(*AudiencePolicy, about="Who may come in."))
SPEAK_POLICY: Final = named("SpeakPolicy", word(*SpeakPolicy, about="Who may ask for a seat."))
ROLES: Final = (*Role, "requested", "listener", "invited", "removed", "blocked")

PERSON_MEMBERS: Final[dict[str, Schema]] = {
    "account_id": ACCOUNT_ID,
    "name": told(TEXT, "Empty, if the account is gone."),
    "handle": TEXT,
}
PERSON: Final = named("Person", thing(PERSON_MEMBERS, about="A reference to somebody."))
SEAT: Final = named(
    "Seat",
    thing(
        {
            **PERSON_MEMBERS,
            "role": word(*Role),
            "muted": FLAG,
            "muted_by": told(maybe(ACCOUNT_ID), "Who closed the microphone."),
        },
        {"away": told(FLAG, "Not there; the seat is kept for a while. Not in commands' answers.")},
        about="A place on stage.",
    ),
)
HAND: Final = named(
    "Hand",
    thing(
        {**PERSON_MEMBERS, "raised_at": TIME, "position": {"type": "integer", "minimum": 1}},
        about="A request to speak.",
    ),
)
PIN: Final = named(
    "Pin",
    thing(
        {
            "pin_id": TEXT,
            "text": TEXT,
            "url": maybe(TEXT),
            "pinned_by": maybe(ACCOUNT_ID),
            "pinned_at": TIME,
        },
        about="Something that the room is about, shown to all.",
    ),
)
SPEAK_INVITATION: Final = named(
    "SpeakInvitation",
    thing({**PERSON_MEMBERS, "expires_at": TIME}, about="Asked onto the stage."),
)
WARNING: Final = named(
    "Warning", thing({"code": word("blocked-speaker"), "account_id": ACCOUNT_ID})
)
VIEWER: Final = named(
    "Viewer",
    thing(
        {
            "account_id": ACCOUNT_ID,
            "role": maybe(word(*ROLES)),
            "can": list_of(TEXT, "What to offer; the domain decides again when asked."),
            "hand_position": maybe({"type": "integer", "minimum": 1}),
            "hand_raised_at": maybe(TIME),
            "may_ask_from": told(maybe(TIME), "When a hand may go up again."),
            "invited": FLAG,
            "speak_invitation": maybe(thing({"expires_at": TIME, "by": maybe(ACCOUNT_ID)})),
            "warnings": list_of(WARNING, "Speakers whom the viewer has blocked."),
        },
        about="Who asks, and how they stand to the room.",
    ),
)
ROOM: Final = named(
    "Room",
    thing(
        {
            "id": ROOM_ID,
            "state": STATE,
            "title": TEXT,
            "description": TEXT,
            "creator_id": ACCOUNT_ID,
            "host_ids": list_of(ACCOUNT_ID, "The host, then the co-hosts."),
            "speaker_ids": list_of(ACCOUNT_ID),
            "topic_ids": list_of(TEXT),
            "audience_policy": AUDIENCE_POLICY,
            "speak_policy": SPEAK_POLICY,
            "stage_size": told(COUNT, "How many fit on stage."),
            "created_at": TIME,
            "updated_at": TIME,
            "started_at": maybe(TIME),
            "ended_at": maybe(TIME),
            "scheduled_start": maybe(TIME),
            "invited_user_ids": list_of(ACCOUNT_ID, "Told to leaders."),
            "subscriber_count": COUNT,
            "is_ticketed": FLAG,
            "is_recorded": FLAG,
            "lang": maybe(TEXT),
            "host_id": told(ACCOUNT_ID, "Who hosts now; `creator_id` is who opened the room."),
            "cohost_ids": list_of(ACCOUNT_ID, "In the order of succession."),
            "pins": list_of(PIN),
            "ending_at": told(maybe(TIME), "When it has to end, once that is near."),
            "seats": list_of(SEAT),
            "seq": SEQ,
        },
        {
            "speak_invitations": list_of(SPEAK_INVITATION, "Told to leaders."),
            "participant_count": COUNT,
            "hand_count": COUNT,
            "hands": list_of(HAND, "The first 50."),
            "listeners": list_of(PERSON, "The first 50."),
            "viewer": VIEWER,
        },
        about="A room, as who asks may see it. Answers to commands leave out who is inside.",
    ),
)
ROOMS: Final = page_of("RoomPage", ROOM)
WAITING: Final = named(
    "WaitingHand",
    thing(
        {
            **PERSON_MEMBERS,
            "raised_at": TIME,
            "position": {"type": "integer", "minimum": 1},
            "waiting_ms": told(COUNT, "Since when, in milliseconds."),
        },
        about="A request to speak, and how long it has waited.",
    ),
)
HANDS: Final = page_of("HandPage", WAITING)
INVITED: Final = named(
    "InvitationsSent",
    thing(
        {
            "to": word("room", "speak", "followers"),
            "results": list_of(PERSON, "Who is invited; empty for all followers."),
            "expires_at": told(maybe(TIME), "Until when the offer of a seat is open."),
            "seq": maybe(SEQ),
        },
        about="Who was invited, and to what.",
    ),
)
PARTICIPATION: Final = named(
    "Participation",
    thing(
        {
            **PERSON_MEMBERS,
            "room_id": ROOM_ID,
            "present": FLAG,
            "on_stage": FLAG,
            "hand_raised_at": maybe(TIME),
            "may_ask_from": told(maybe(TIME), "When a hand may go up again."),
            "seat_kept_until": told(maybe(TIME), "Until when one may come back into the seat."),
            "invited": FLAG,
            "speak_invitation": maybe(thing({"expires_at": TIME})),
            "removed": FLAG,
            "blocked": FLAG,
            "seq": maybe(SEQ),
        },
        about="One person's part in a room.",
    ),
)
PARTICIPANT: Final = named(
    "Participant",
    thing(
        {
            **PERSON_MEMBERS,
            "role": word(*Role, "requested", "listener"),
            "joined_at": maybe(TIME),
            "on_stage": FLAG,
        }
    ),
)
PARTICIPANTS: Final = page_of("ParticipantPage", PARTICIPANT)
REMOVED: Final = named(
    "Removed",
    thing(
        {
            **PERSON_MEMBERS,
            "by": maybe(PERSON),
            "at": TIME,
            "liftable": told(FLAG, "Who asks may let the person come in again."),
        },
        about="Somebody whom a leader put out of the room.",
    ),
)
REMOVED_PAGE: Final = page_of("RemovedPage", REMOVED)
HISTORY: Final = named(
    "RoomEvents",
    thing(
        {
            "events": list_of(
                thing({"type": TEXT, "seq": COUNT}) | {"additionalProperties": True},
                "Event frames, as the socket says them; see the AsyncAPI document.",
            ),
            "seq": SEQ,
        }
    ),
)

REACTION: Final = named("Reaction", thing({"emoji": word(*EMOJI, about="As it is shown to all.")}))
