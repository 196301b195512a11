"""Commands over the socket: the REST commands under their event-like names."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec
import orjson

from rooms import commands
from rooms.domain.words import AudiencePolicy, SpeakPolicy
from spaces_project.kernel.ids import parse
from spaces_project.kernel.limits.counting import hit
from spaces_project.kernel.log.event_log import Receipt
from spaces_project.kernel.log.wish import idempotent
from spaces_project.kernel.refusals import InvalidRequest


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """A command that needs no data."""


class Somebody(msgspec.Struct, forbid_unknown_fields=True):
    """A command about one person."""

    account_id: str


class MaybeSomebody(msgspec.Struct, forbid_unknown_fields=True):
    """A command about oneself, unless it names somebody."""

    account_id: str | None = None


class Removal(msgspec.Struct, forbid_unknown_fields=True):
    """Whom to remove, and why."""

    account_id: str
    reason: str = ""


class Reaction(msgspec.Struct, forbid_unknown_fields=True):
    """One emoji of the set."""

    emoji: str


class Policies(msgspec.Struct, forbid_unknown_fields=True):
    """The policies to change; what is missing stays."""

    audience_policy: AudiencePolicy | None = None
    speak_policy: SpeakPolicy | None = None


class CommandFrame(msgspec.Struct):
    """A command as it comes: ``ref`` names the wish, so that a repetition is no second one."""

    type: str
    ref: str
    data: dict[str, Any] = {}


Run = Callable[[UUID, UUID, Any], Receipt]
DataT = TypeVar("DataT", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class SocketCommand:
    """One type of command frame: the shape of its data, and what it asks."""

    data: type[msgspec.Struct]
    run: Run
    limit: str | None = None


def _account(text: str) -> UUID:
    try:
        return parse("acc", text)
    except ValueError as error:
        raise InvalidRequest(f"{error}.") from None


def _by_me(command: Callable[..., Receipt], room_id: UUID, me: UUID, data: Any) -> Receipt:
    del data
    return command(room_id=room_id, by=me)


def _of_me(command: Callable[..., Receipt], room_id: UUID, me: UUID, data: Any) -> Receipt:
    del data
    return command(room_id=room_id, account_id=me)


def _on_me(command: Callable[..., Receipt], room_id: UUID, me: UUID, data: Any) -> Receipt:
    del data
    return command(room_id=room_id, account_id=me, by=me)


def _on_somebody(command: Callable[..., Receipt], room_id: UUID, me: UUID, data: Any) -> Receipt:
    whom = _account(data.account_id) if data.account_id else me
    return command(room_id=room_id, account_id=whom, by=me)


def _remove(room_id: UUID, me: UUID, data: Any) -> Receipt:
    whom = _account(data.account_id)
    return commands.remove(room_id=room_id, account_id=whom, by=me, reason=data.reason)


def _change_policies(room_id: UUID, me: UUID, data: Any) -> Receipt:
    return commands.change_policies(
        room_id=room_id,
        by=me,
        audience_policy=data.audience_policy,
        speak_policy=data.speak_policy,
    )


REACTION: Final = "reaction.send"  # the one wish that leads to no event

SOCKET_COMMANDS: dict[str, SocketCommand] = {
    "room.start": SocketCommand(Nothing, partial(_by_me, commands.start)),
    "room.end": SocketCommand(Nothing, partial(_by_me, commands.end)),
    "room.join": SocketCommand(Nothing, partial(_of_me, commands.join), "joins"),
    "room.leave": SocketCommand(Nothing, partial(_of_me, commands.leave)),
    "hand.raise": SocketCommand(Nothing, partial(_of_me, commands.raise_hand)),
    "hand.lower": SocketCommand(MaybeSomebody, partial(_on_somebody, commands.lower_hand)),
    "speaker.promote": SocketCommand(Somebody, partial(_on_somebody, commands.promote_speaker)),
    "speaker.demote": SocketCommand(Somebody, partial(_on_somebody, commands.demote_speaker)),
    "speaker.step_down": SocketCommand(Nothing, partial(_on_me, commands.demote_speaker)),
    "mute": SocketCommand(Somebody, partial(_on_somebody, commands.mute)),
    "mute.self": SocketCommand(Nothing, partial(_on_me, commands.mute)),
    "unmute.self": SocketCommand(Nothing, partial(_on_me, commands.unmute)),
    "participant.remove": SocketCommand(Removal, _remove),
    "participant.block": SocketCommand(Somebody, partial(_on_somebody, commands.block)),
    "policies.change": SocketCommand(Policies, _change_policies),
}


def carry_out(frame: CommandFrame, room_id: UUID, me: UUID) -> Receipt:
    """Carry out a command frame of somebody in a room.

    :raises Refusal: why not.
    """
    known = SOCKET_COMMANDS.get(frame.type)
    if known is None:
        raise InvalidRequest(f"There is no command {frame.type[:60]!r}.")
    data = data_of(frame, known.data)
    if known.limit is not None:
        _count(known.limit, me, f"{room_id} {frame.ref}")
    body = orjson.dumps([frame.type, frame.data], option=orjson.OPT_SORT_KEYS)
    with idempotent(f"{me} socket {room_id}", frame.ref, body):
        return known.run(room_id, me, data)


def data_of(frame: CommandFrame, shape: type[DataT]) -> DataT:
    """Return the data of a command frame.

    :raises InvalidRequest: if they have another shape.
    """
    try:
        return msgspec.convert(frame.data, shape)
    except msgspec.ValidationError as error:
        raise InvalidRequest(f"{error}.") from None


def _count(limit: str, me: UUID, wish: str) -> None:
    allowance = hit(limit, me.hex, once=wish)
    if allowance is not None:
        allowance.must_be_granted()
