# ruff: noqa: ARG002, ARG005 - every button is pressed with the same facts
"""Every button of a room: each is one of its commands, carried out on a log in memory."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from rooms import commands
from rooms.domain.events import HostHandedOver, Returned
from rooms.domain.words import AudiencePolicy, SpeakPolicy
from tests.domain.scenes import ROOM
from tests.properties.memory import Memory, remember

Ask = Callable[..., Any]


class World(Memory):
    """A room and its people, and what anybody may press."""

    def press(self, button: str, who: UUID, by: UUID, at: datetime) -> None:
        """Ask for something about ``who``; a refusal goes through and changes nothing."""
        remember(self)
        self.time = at
        known = len(self.log)
        BUTTONS[button](self, who, by)
        for happened in self.log[known:]:
            self._react(happened)

    def _react(self, happened: Any) -> None:
        """Do at once what the policies do a moment later."""
        match happened:
            case Returned():
                known = len(self.log)
                commands.succeed_host(room_id=ROOM)
                for further in self.log[known:]:
                    self._react(further)
            case HostHandedOver(account_id=host):
                for who in sorted(of for by, of in self.blocks if by == host):
                    if self.parts[who].present or who in self.room.seats:
                        commands.block(room_id=ROOM, account_id=who, by=host, carried_over=True)

    def _block(self, who: UUID, by: UUID) -> None:
        commands.block(room_id=ROOM, account_id=who, by=by)
        self.blocks.add((by, who))

    def _unblock(self, who: UUID, by: UUID) -> None:
        commands.unblock(room_id=ROOM, account_id=who, by=by)
        self.blocks.discard((by, who))

    def _unpin(self, who: UUID, by: UUID) -> None:
        pin_id = next(iter(self.room.pins), ROOM)
        commands.unpin(room_id=ROOM, pin_id=pin_id, by=by)


def _of_room(ask: Ask, **facts: Any) -> Callable[[World, UUID, UUID], object]:
    return lambda world, who, by: ask(room_id=ROOM, by=by, **facts)


def _of_oneself(ask: Ask) -> Callable[[World, UUID, UUID], object]:
    return lambda world, who, by: ask(room_id=ROOM, account_id=who)


def _of_somebody(ask: Ask) -> Callable[[World, UUID, UUID], object]:
    return lambda world, who, by: ask(room_id=ROOM, account_id=who, by=by)


def _of_time(ask: Ask) -> Callable[[World, UUID, UUID], object]:
    return lambda world, who, by: ask(room_id=ROOM)


BUTTONS: dict[str, Callable[[World, UUID, UUID], object]] = {
    "start": _of_room(commands.start),
    "end": _of_room(commands.end),
    **{
        f"audience_{policy}": _of_room(commands.change_policies, audience_policy=policy)
        for policy in AudiencePolicy
    },
    **{
        f"speak_{policy}": _of_room(commands.change_policies, speak_policy=policy)
        for policy in SpeakPolicy
    },
    "rename": _of_room(commands.change_card, title="Coffee"),
    "invite_followers": _of_room(commands.invite_followers),
    "pin": _of_room(commands.pin, text="Menu"),
    "unpin": World._unpin,
    "mute_all": _of_room(commands.mute_all),
    "join": _of_oneself(commands.join),
    "leave": _of_oneself(commands.leave),
    "drop": _of_oneself(commands.drop),
    "raise_hand": _of_oneself(commands.raise_hand),
    "accept_invitation": _of_oneself(commands.accept_invitation),
    "decline_invitation": _of_oneself(commands.decline_invitation),
    "admit": _of_oneself(commands.admit),
    "lower_hand": _of_somebody(commands.lower_hand),
    "promote": _of_somebody(commands.promote_speaker),
    "demote": _of_somebody(commands.demote_speaker),
    "mute": _of_somebody(commands.mute),
    "unmute": _of_somebody(commands.unmute),
    "remove": _of_somebody(commands.remove),
    "lift_removal": _of_somebody(commands.lift_removal),
    "block": World._block,
    "unblock": World._unblock,
    "invite": lambda world, who, by: commands.invite(room_id=ROOM, account_ids=[who], by=by),
    "invite_to_speak": _of_somebody(commands.invite_to_speak),
    "cancel_invitation": _of_somebody(commands.cancel_invitation),
    "appoint": _of_somebody(commands.appoint_cohost),
    "dismiss": _of_somebody(commands.dismiss_cohost),
    "hand_over": _of_somebody(commands.hand_over),
    "expire": _of_oneself(commands.expire_speak_invitation),
    "lapse": _of_oneself(commands.lapse_seat),
    "succeed": _of_time(commands.succeed_host),
    "end_abandoned": _of_time(commands.end_abandoned),
    "end_empty": _of_time(commands.end_empty),
    "announce_end": _of_time(commands.announce_end),
    "end_overlong": _of_time(commands.end_overlong),
}
