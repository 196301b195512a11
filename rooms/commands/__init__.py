"""Everything that may be asked of a room: load, decide, append."""

from collections.abc import Callable

from rooms.commands.hands import lower_hand, raise_hand
from rooms.commands.hosting import appoint_cohost, dismiss_cohost, hand_over
from rooms.commands.invitations import (
    accept_invitation,
    admit,
    cancel_invitation,
    decline_invitation,
    invite,
    invite_followers,
    invite_to_speak,
)
from rooms.commands.life import change_card, change_policies, change_room, end, open_room, start
from rooms.commands.pins import pin, unpin
from rooms.commands.presence import drop, join, leave
from rooms.commands.putting_out import block, lift_removal, remove, unblock
from rooms.commands.seats import demote_speaker, mute, mute_all, promote_speaker, unmute
from rooms.commands.timers import (
    announce_end,
    end_abandoned,
    end_empty,
    end_overlong,
    expire_speak_invitation,
    lapse_seat,
    succeed_host,
)
from rooms.presence.board import board as connections
from spaces_project.kernel.log.event_log import Receipt

RoomCommand = Callable[..., Receipt]

__all__ = [
    "RoomCommand",
    "accept_invitation",
    "admit",
    "announce_end",
    "appoint_cohost",
    "block",
    "cancel_invitation",
    "change_card",
    "change_policies",
    "change_room",
    "connections",
    "decline_invitation",
    "demote_speaker",
    "dismiss_cohost",
    "drop",
    "end",
    "end_abandoned",
    "end_empty",
    "end_overlong",
    "expire_speak_invitation",
    "hand_over",
    "invite",
    "invite_followers",
    "invite_to_speak",
    "join",
    "lapse_seat",
    "leave",
    "lift_removal",
    "lower_hand",
    "mute",
    "mute_all",
    "open_room",
    "pin",
    "promote_speaker",
    "raise_hand",
    "remove",
    "start",
    "succeed_host",
    "unblock",
    "unmute",
    "unpin",
]
