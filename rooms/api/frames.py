"""What clients are told of a room's socket: every frame, either way."""

from typing import Any, Final

import msgspec

from rooms.api.schemas import (
    ACCOUNT_ID,
    AUDIENCE_POLICY,
    PERSON_MEMBERS,
    ROOM,
    SPEAK_POLICY,
)
from rooms.domain.reactions import EMOJI
from rooms.socket_commands import REACTION, SOCKET_COMMANDS
from spaces_project.kernel.schemas import (
    COUNT,
    FLAG,
    TEXT,
    TIME,
    Schema,
    identifier,
    list_of,
    maybe,
    thing,
    told,
    word,
)
from spaces_project.kernel.sockets.channels_told import BEATS, Channel, Frames
from spaces_project.kernel.web.operations import PATH, PROBLEM

PIN_ID: Final = identifier("pin")
SEQ: Final[Schema] = {"type": "integer", "minimum": 1}
_POLICIES: Final = {"audience_policy": AUDIENCE_POLICY, "speak_policy": SPEAK_POLICY}
_NOTHING: Final = thing({})
_PERSON: Final = thing(PERSON_MEMBERS)
_HAND_DOWN: Final = thing(
    PERSON_MEMBERS, {"may_ask_from": told(TIME, "When a hand that went down may go up again.")}
)


def _person_and(**members: Schema) -> Schema:
    return thing({**PERSON_MEMBERS, **members})


# The data of each event, by its type; an event without a row fails a test.
EVENTS: Final[dict[str, Schema]] = {
    "room.created": thing(
        {
            "title": TEXT,
            "description": TEXT,
            "topic_ids": list_of(TEXT),
            "creator_id": ACCOUNT_ID,
            "stage_size": COUNT,
            **_POLICIES,
        }
    ),
    "room.started": _NOTHING,
    "room.ending_soon": thing({"ends_at": TIME}),
    "room.ended": thing({"reason": told(TEXT, "`host`, `empty`, `host_absent` or `longest`.")}),
    "followers.invited": _NOTHING,
    "title.changed": thing({"title": TEXT}),
    "description.changed": thing({"description": TEXT}),
    "topics.changed": thing({"topic_ids": list_of(TEXT)}),
    "policies.changed": thing(_POLICIES),
    "cohost.appointed": _PERSON,
    "cohost.dismissed": _PERSON,
    "host.handed_over": _person_and(
        former_host_id=ACCOUNT_ID, cause=told(TEXT, "Why: by hand, or because the host was gone.")
    ),
    "pin.added": thing({"pin_id": PIN_ID, "text": TEXT, "url": maybe(TEXT)}),
    "pin.removed": thing({"pin_id": PIN_ID}),
    "speaker.promoted": _PERSON,
    "speaker.demoted": _person_and(stepped_down=FLAG),
    "seat.lapsed": _PERSON,
    "speaker.muted": _PERSON,
    "speaker.unmuted": _PERSON,
    "speakers.muted": thing({"account_ids": list_of(ACCOUNT_ID)}),
    "participant.joined": _PERSON,
    "participant.left": _HAND_DOWN,
    "participant.dropped": _person_and(seat_kept_until=TIME),
    "participant.returned": _PERSON,
    "participant.seated": _PERSON,
    "participant.unseated": _PERSON,
    "participant.removed": thing(
        PERSON_MEMBERS, {"reason": told(TEXT, "Told to leaders and the person concerned.")}
    ),
    "removal.lifted": _PERSON,
    "participant.blocked": _PERSON,
    "participant.unblocked": _PERSON,
    "hand.raised": _PERSON,
    "hand.lowered": _HAND_DOWN,
    "person.invited": _PERSON,
    "person.uninvited": _PERSON,
    "invitation.declined": _PERSON,
    "speaker.invited": _person_and(expires_at=TIME),
    "speak_invitation.accepted": _PERSON,
    "speak_invitation.declined": _PERSON,
    "speak_invitation.cancelled": _PERSON,
    "speak_invitation.expired": _PERSON,
    "guest.admitted": _PERSON,
}


def _frame(kind: str, members: dict[str, Schema], may: dict[str, Schema] | None = None) -> Schema:
    return thing({"type": {"const": kind}, **members}, may)


def event_frame(kind: str, data: Schema) -> Schema:
    """Return what an event looks like on the wire."""
    return _frame(
        kind,
        {
            "seq": told(SEQ, "1, 2, 3 without holes, for the whole life of the room."),
            "id": identifier("evt"),
            "at": TIME,
            "actor": told(maybe(ACCOUNT_ID), "Who did it; null: nobody, or not told to you."),
            "data": data,
        },
    )


# What the server says beside the events.
SAID: Final[dict[str, tuple[str, Schema]]] = {
    "snapshot": (
        "The room as its viewer sees it, when events could not be resumed.",
        _frame(
            "snapshot",
            {"seq": COUNT, "epoch": told(TEXT, "Send it with `after` to resume."), "state": ROOM},
        ),
    ),
    "redacted": (
        "An event that its viewer may not see; with `from`, all those up to `seq`.",
        _frame("redacted", {"seq": SEQ}, {"from": SEQ}),
    ),
    "ack": (
        "A command was carried out.",
        _frame("ack", {"ref": TEXT, "seq": told(maybe(COUNT), "The newest event it led to.")}),
    ),
    "error": (
        "A command was refused.",
        _frame("error", {"ref": TEXT, "problem": PROBLEM}),
    ),
    "levels": (
        "Who speaks how loud, in dBov; -127: somebody has stopped. At most 10 a second.",
        _frame(
            "levels",
            {
                "levels": {
                    "type": "object",
                    "additionalProperties": {"type": "integer", "minimum": -127, "maximum": 0},
                }
            },
        ),
    ),
    "reactions": (
        "How many sent which emoji since the last such frame. At most one a second.",
        _frame("reactions", {"counts": {"type": "object", "additionalProperties": COUNT}}),
    ),
    "counts": (
        "How many there are, in big rooms. At most one a second.",
        _frame(
            "counts",
            {"participant_count": COUNT, "hand_count": COUNT},
            {"hand_position": told(COUNT, "One's own place in line, for who waits.")},
        ),
    ),
    "warning": (
        "Something that concerns this viewer alone.",
        _frame("warning", {"code": word("blocked-speaker"), "account_id": ACCOUNT_ID}),
    ),
}
AUTH: Final = _frame(
    "auth",
    {"token": told(TEXT, "A token or an API key.")},
    {
        "on_behalf_of": told(TEXT, "For whom an operator's key asks: `acc_…`."),
        "after": told(maybe({"type": "integer"}), "The last seq that was seen."),
        "epoch": told(maybe(TEXT), "That of the last snapshot."),
    },
)
REF: Final[Schema] = {
    "type": "string",
    "minLength": 1,
    "maxLength": 100,
    "description": "Names the wish: sent again under the same ref, it happens once.",
}


_IDENTIFIERS: Final = {"account_id": ACCOUNT_ID, "account_ids": ACCOUNT_ID, "pin_id": PIN_ID}


def command_frame(kind: str, data: Schema) -> Schema:
    """Return what a command looks like on the wire."""
    known = {"ref": REF, "data": data}
    return _frame(kind, known) if data.get("required") else _frame(kind, {"ref": REF}, known)


def _data_of(struct: type[msgspec.Struct]) -> Schema:
    (schema,), named = msgspec.json.schema_components([struct], ref_template="{name}")
    found: Schema = _inlined(schema, named)
    return found


def _inlined(schema: Any, named: dict[str, Any]) -> Any:
    """Return a schema without references and titles."""
    if isinstance(schema, list):
        return [_inlined(inner, named) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(named[schema["$ref"]], named)
    return {
        name: {member: _narrowed(member, _inlined(inner, named)) for member, inner in value.items()}
        if name == "properties"
        else _inlined(value, named)
        for name, value in schema.items()
        if name not in ("title", "description") or not isinstance(value, str)
    }


def _narrowed(member: str, schema: Any) -> Any:
    """Return the same, but what is called an identifier is one."""
    known = _IDENTIFIERS.get(member)
    if known is None or not isinstance(schema, dict):
        return schema
    if schema == {"type": "string"}:
        return known
    found = {**schema}
    for part in ("items", "anyOf"):
        inner = found.get(part)
        if isinstance(inner, list):
            found[part] = [_narrowed(member, choice) for choice in inner]
        elif inner is not None:
            found[part] = _narrowed(member, inner)
    return found


_COMMANDS: Final[Frames] = {
    kind: ("Answered with `ack` or `error`.", command_frame(kind, data))
    for kind, data in (
        *((kind, _data_of(command.data)) for kind, command in SOCKET_COMMANDS.items()),
        (REACTION, thing({"emoji": word(*EMOJI)})),  # it leads to no event
    )
}
ROOM_CHANNEL: Final = Channel(
    "room",
    "/ws/v1/rooms/{room_id}",
    "Everything that happens in one room, in order, and every command about it.",
    says={
        **{
            kind: ("Happened in the room.", event_frame(kind, data))
            for kind, data in EVENTS.items()
        },
        **SAID,
        **BEATS,
    },
    hears={"auth": ("The first frame, within 5 s: who it is.", AUTH), **BEATS},
    commands=_COMMANDS,
    parameters={"room_id": PATH["room_id"]},
)
CHANNELS: Final = (ROOM_CHANNEL,)
