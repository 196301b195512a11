"""Commands over the socket: the REST commands under their event-like names."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec
import orjson

from rooms import commands
from rooms.socket_wishes import (
    Card,
    CommandFrame,
    MaybeSomebody,
    NewPin,
    Nothing,
    OnePin,
    People,
    Policies,
    Removal,
    Somebody,
)
from spaces_project.kernel.ids import parse
from spaces_project.kernel.limits.counting import hit
from spaces_project.kernel.log.event_log import Receipt
from spaces_project.kernel.log.wish import idempotent
from spaces_project.kernel.refusals import InvalidRequest

Run = Callable[[UUID, UUID, Any], Receipt]
DataT = TypeVar("DataT", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class SocketCommand:
    """One type of command frame: the shape of its data, and what it asks."""

    data: type[msgspec.Struct]
    run: Run
    limit: str | None = None


def _account(text: str) -> UUID:
    return _identifier("acc", text)


def _identifier(prefix: str, text: str) -> UUID:
    try:
        return parse(prefix, text)
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


def _change_card(room_id: UUID, me: UUID, data: Any) -> Receipt:
    return commands.change_card(
        room_id=room_id,
        by=me,
        title=data.title,
        description=data.description,
        topic_ids=data.topic_ids,
    )


def _invite(room_id: UUID, me: UUID, data: Any) -> Receipt:
    whom = [_account(text) for text in data.account_ids]
    return commands.invite(room_id=room_id, account_ids=whom, by=me)


def _pin(room_id: UUID, me: UUID, data: Any) -> Receipt:
    return commands.pin(room_id=room_id, by=me, text=data.text, url=data.url)


def _unpin(room_id: UUID, me: UUID, data: Any) -> Receipt:
    return commands.unpin(room_id=room_id, pin_id=_identifier("pin", data.pin_id), by=me)


SOCKET_COMMANDS: dict[str, SocketCommand] = {
    "room.start": SocketCommand(Nothing, partial(_by_me, commands.start)),
    "room.end": SocketCommand(Nothing, partial(_by_me, commands.end)),
    "room.hand_over": SocketCommand(Somebody, partial(_on_somebody, commands.hand_over)),
    "room.join": SocketCommand(Nothing, partial(_of_me, commands.join), "joins"),
    "room.leave": SocketCommand(Nothing, partial(_of_me, commands.leave)),
    "hand.raise": SocketCommand(Nothing, partial(_of_me, commands.raise_hand)),
    "hand.lower": SocketCommand(MaybeSomebody, partial(_on_somebody, commands.lower_hand)),
    "speaker.promote": SocketCommand(Somebody, partial(_on_somebody, commands.promote_speaker)),
    "speaker.demote": SocketCommand(Somebody, partial(_on_somebody, commands.demote_speaker)),
    "speaker.step_down": SocketCommand(Nothing, partial(_on_me, commands.demote_speaker)),
    "speaker.invite": SocketCommand(
        Somebody, partial(_on_somebody, commands.invite_to_speak), "invitations"
    ),
    "cohost.appoint": SocketCommand(Somebody, partial(_on_somebody, commands.appoint_cohost)),
    "cohost.dismiss": SocketCommand(Somebody, partial(_on_somebody, commands.dismiss_cohost)),
    "mute": SocketCommand(Somebody, partial(_on_somebody, commands.mute)),
    "mute.self": SocketCommand(Nothing, partial(_on_me, commands.mute)),
    "unmute.self": SocketCommand(Nothing, partial(_on_me, commands.unmute)),
    "mute.all": SocketCommand(Nothing, partial(_by_me, commands.mute_all)),
    "people.invite": SocketCommand(People, _invite, "invitations"),
    "followers.invite": SocketCommand(Nothing, partial(_by_me, commands.invite_followers)),
    "invitation.cancel": SocketCommand(Somebody, partial(_on_somebody, commands.cancel_invitation)),
    "invitation.accept": SocketCommand(
        Nothing, partial(_of_me, commands.accept_invitation), "joins"
    ),
    "invitation.decline": SocketCommand(Nothing, partial(_of_me, commands.decline_invitation)),
    "participant.remove": SocketCommand(Removal, _remove),
    "participant.block": SocketCommand(Somebody, partial(_on_somebody, commands.block)),
    "participant.unblock": SocketCommand(Somebody, partial(_on_somebody, commands.unblock)),
    "removal.lift": SocketCommand(Somebody, partial(_on_somebody, commands.lift_removal)),
    "pin.add": SocketCommand(NewPin, _pin),
    "pin.remove": SocketCommand(OnePin, _unpin),
    "card.change": SocketCommand(Card, _change_card),
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
