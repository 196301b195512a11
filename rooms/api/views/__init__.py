"""Rooms, their stage and their people over REST: one class for each address."""

from rooms.api.views.door import Door, JoinRoom, LeaveRoom
from rooms.api.views.hands import Hands, OneHand
from rooms.api.views.hosting import HandOver, OneCohost
from rooms.api.views.invitations import (
    AcceptInvitation,
    DeclineInvitation,
    Invitations,
    OneInvitation,
)
from rooms.api.views.moment import RoomMoment
from rooms.api.views.outside import OneBlock, OneRemoval, Removed
from rooms.api.views.people import Participants
from rooms.api.views.pins import OnePin, Pins
from rooms.api.views.room import EndRoom, RoomDetail, RoomList, StartRoom
from rooms.api.views.stage import MuteAll, OneMute, OneSpeaker

__all__ = [
    "AcceptInvitation",
    "DeclineInvitation",
    "Door",
    "EndRoom",
    "HandOver",
    "Hands",
    "Invitations",
    "JoinRoom",
    "LeaveRoom",
    "MuteAll",
    "OneBlock",
    "OneCohost",
    "OneHand",
    "OneInvitation",
    "OneMute",
    "OnePin",
    "OneRemoval",
    "OneSpeaker",
    "Participants",
    "Pins",
    "Removed",
    "RoomDetail",
    "RoomList",
    "RoomMoment",
    "StartRoom",
]
