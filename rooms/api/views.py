"""Rooms, their stage and their people over REST: parse, call one command or query, answer."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import queries as accounts
from rooms import commands, queries
from rooms.api import lists
from rooms.api.answers import participation_answer, room_answer
from rooms.api.serializers import ChangeRoom, Empty, OpenRoom, Removal
from rooms.domain.words import AudiencePolicy, SpeakPolicy
from rooms.presence import requests as presence
from rooms.snapshots import render, render_person
from spaces_project.kernel.clock import rfc3339
from spaces_project.kernel.web.min_position import MinPositionView
from spaces_project.kernel.web.pages import Pages
from spaces_project.kernel.web.rest_authentication import asker
from spaces_project.kernel.web.wishes import account_in_path, carry_out, parse_id


class RoomList(MinPositionView):
    """The rooms collection."""

    read_models = lists.READ_MODELS
    parameters = lists.PARAMETERS

    def get(self, request: Request) -> Response:
        """List the rooms that you may know of, the newest first; a search has live ones first."""
        return lists.list_rooms(request, self)

    def post(self, request: Request) -> Response:
        """Open a room; 201 with its state, its address and its position in the log."""
        wish = OpenRoom(data=request.data).wished()
        _as_policies(wish)
        receipt = carry_out(request, commands.open_room, host_id=asker(request).account_id, **wish)
        return room_answer(receipt, status=201)


class RoomDetail(MinPositionView):
    """One room."""

    read_models = queries.READ_MODELS

    def get(self, request: Request, room_id: str) -> Response:
        """Show the room as you may see it; 304 if you have this version already."""
        view, viewer, version = queries.room(_room(room_id), asker(request).account_id)
        # Whom one follows is not counted in the room, but changes what one may see of it.
        follows = f"{viewer.follows_host:d}{viewer.followed_by_host:d}"
        tag = f'"{version}.{view.seq}.{follows}"'
        if tag in _tags(request.headers.get("If-None-Match", "")):
            return Response(status=304, headers={"ETag": tag})
        return Response(render(view, viewer), headers={"ETag": tag})

    def patch(self, request: Request, room_id: str) -> Response:
        """Change who may listen, or who may ask to speak."""
        wish = ChangeRoom(data=request.data).wished()
        _as_policies(wish)
        receipt = carry_out(
            request,
            commands.change_policies,
            room_id=_room(room_id),
            by=asker(request).account_id,
            **wish,
        )
        return room_answer(receipt)


class StartRoom(APIView):
    """Going live."""

    def post(self, request: Request, room_id: str) -> Response:
        """Start the room."""
        return _by_me(request, room_id, commands.start)


class EndRoom(APIView):
    """The end."""

    def post(self, request: Request, room_id: str) -> Response:
        """End the room for good."""
        return _by_me(request, room_id, commands.end)


class JoinRoom(APIView):
    """Coming in."""

    def post(self, request: Request, room_id: str) -> Response:
        """Come in as a listener, muted."""
        presence.comes_in(_room(room_id), asker(request).account_id)
        return _of_me(request, room_id, commands.join)


class LeaveRoom(APIView):
    """Going away."""

    def post(self, request: Request, room_id: str) -> Response:
        """Leave the room; going twice changes nothing."""
        return _of_me(request, room_id, commands.leave)


class Hands(MinPositionView):
    """The line of those who ask to speak."""

    read_models = queries.READ_MODELS

    def get(self, request: Request, room_id: str) -> Response:
        """Show the line, first in first out."""
        view, _ = queries.room_inside(_room(room_id), asker(request).account_id)
        return Response({"results": render(view, None)["hands"]})

    def post(self, request: Request, room_id: str) -> Response:
        """Raise your hand."""
        return _of_me(request, room_id, commands.raise_hand)


class OneHand(APIView):
    """One raised hand."""

    def delete(self, request: Request, room_id: str, account_id: str) -> Response:
        """Lower it: your own (``me``), or as a leader somebody else's."""
        room, whom = _room(room_id), account_in_path(request, account_id)
        receipt = carry_out(
            request,
            commands.lower_hand,
            room_id=room,
            account_id=whom,
            by=asker(request).account_id,
        )
        return participation_answer(receipt, room, whom)


class OneSpeaker(APIView):
    """One seat on the stage."""

    def put(self, request: Request, room_id: str, account_id: str) -> Response:
        """Bring somebody onto the stage."""
        return _on_stage(request, room_id, account_id, commands.promote_speaker)

    def delete(self, request: Request, room_id: str, account_id: str) -> Response:
        """Move somebody to the audience; ``me`` steps down."""
        return _on_stage(request, room_id, account_id, commands.demote_speaker)


class OneMute(APIView):
    """One closed microphone."""

    def put(self, request: Request, room_id: str, account_id: str) -> Response:
        """Close a microphone: your own (``me``), or as a leader anyone's."""
        return _on_stage(request, room_id, account_id, commands.mute)

    def delete(self, request: Request, room_id: str, account_id: str) -> Response:
        """Open your own microphone (``me``)."""
        return _on_stage(request, room_id, account_id, commands.unmute)


class OneRemoval(APIView):
    """One person put out of this room."""

    def put(self, request: Request, room_id: str, account_id: str) -> Response:
        """Put somebody out for good, also after he or she has left."""
        wish = Removal(data=request.data).wished()
        room, whom = _room(room_id), account_in_path(request, account_id)
        receipt = carry_out(
            request,
            commands.remove,
            room_id=room,
            account_id=whom,
            by=asker(request).account_id,
            reason=wish.get("reason", ""),
        )
        return participation_answer(receipt, room, whom)


class OneBlock(APIView):
    """One person put out of all rooms of the host."""

    def put(self, request: Request, room_id: str, account_id: str) -> Response:
        """Block somebody from every room of yours, beginning with this one."""
        Empty(data=request.data).wished()
        room, whom = _room(room_id), account_in_path(request, account_id)
        receipt = carry_out(
            request, commands.block, room_id=room, account_id=whom, by=asker(request).account_id
        )
        return participation_answer(receipt, room, whom)


class Participants(MinPositionView):
    """Who is inside."""

    read_models = queries.READ_MODELS
    parameters = frozenset({"limit", "cursor"})

    def get(self, request: Request, room_id: str) -> Response:
        """List who is inside, in the order of coming in."""
        room = _room(room_id)
        queries.room_inside(room, asker(request).account_id)
        pages = Pages(("joined_at", "account_id"))
        rows = pages.paginate_queryset(queries.participants(room), request, view=self) or []
        names = accounts.people([row.account_id for row in rows])
        shown = [
            {
                **render_person(row.account_id, names),
                "joined_at": rfc3339(row.joined_at) if row.joined_at else None,
                "on_stage": row.seated,
            }
            for row in rows
        ]
        return pages.get_paginated_response(shown)


def _room(text: str) -> UUID:
    return parse_id("room", text)


def _tags(header: str) -> list[str]:
    """Return the entity tags of a header, weak ones as strong (RFC 9110, section 13.1.2)."""
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]


def _as_policies(wish: dict[str, object]) -> None:
    if "audience_policy" in wish:
        wish["audience_policy"] = AudiencePolicy(str(wish["audience_policy"]))
    if "speak_policy" in wish:
        wish["speak_policy"] = SpeakPolicy(str(wish["speak_policy"]))


def _by_me(request: Request, room_id: str, command: commands.RoomCommand) -> Response:
    Empty(data=request.data).wished()
    receipt = carry_out(request, command, room_id=_room(room_id), by=asker(request).account_id)
    return room_answer(receipt)


def _of_me(request: Request, room_id: str, command: commands.RoomCommand) -> Response:
    Empty(data=request.data).wished()
    room, me = _room(room_id), asker(request).account_id
    receipt = carry_out(request, command, room_id=room, account_id=me)
    return participation_answer(receipt, room, me)


def _on_stage(
    request: Request, room_id: str, account_id: str, command: commands.RoomCommand
) -> Response:
    Empty(data=request.data).wished()
    receipt = carry_out(
        request,
        command,
        room_id=_room(room_id),
        account_id=account_in_path(request, account_id),
        by=asker(request).account_id,
    )
    return room_answer(receipt)
