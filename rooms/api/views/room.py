"""Rooms over REST: parse, call one command or query, answer."""

from rest_framework.request import Request
from rest_framework.response import Response

from rooms import commands, queries
from rooms.api import lists
from rooms.api.answers import room_answer
from rooms.api.serializers import ChangeRoom, OpenRoom
from rooms.api.views.asking import as_leader, room_in_path
from rooms.domain.words import AudiencePolicy, SpeakPolicy
from rooms.snapshots import render
from spaces_project.kernel.web.address import Address
from spaces_project.kernel.web.min_position import MinPositionView
from spaces_project.kernel.web.rest_authentication import asker
from spaces_project.kernel.web.wishes import carry_out


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
        view, viewer, version = queries.room(room_in_path(room_id), asker(request).account_id)
        # Whom one follows and blocks is not counted in the room, but changes what one sees of it.
        relation = f"{viewer.follows_host:d}{viewer.followed_by_host:d}"
        blocked = "".join(f".{account_id.hex}" for account_id in viewer.blocked_on_stage)
        tag = f'"{version}.{view.seq}.{relation}{blocked}"'
        if tag in _tags(request.headers.get("If-None-Match", "")):
            return Response(status=304, headers={"ETag": tag})
        return Response(render(view, viewer), headers={"ETag": tag})

    def patch(self, request: Request, room_id: str) -> Response:
        """Change the card, who may listen, or who may ask to speak: all of it, or nothing."""
        wish = ChangeRoom(data=request.data).wished()
        _as_policies(wish)
        receipt = carry_out(
            request,
            commands.change_room,
            room_id=room_in_path(room_id),
            by=asker(request).account_id,
            **wish,
        )
        return room_answer(receipt)


class StartRoom(Address):
    """Going live."""

    def post(self, request: Request, room_id: str) -> Response:
        """Start the room."""
        return as_leader(request, room_id, commands.start)


class EndRoom(Address):
    """The end."""

    def post(self, request: Request, room_id: str) -> Response:
        """End the room for good."""
        return as_leader(request, room_id, commands.end)


def _tags(header: str) -> list[str]:
    """Return the entity tags of a header, weak ones as strong (RFC 9110, section 13.1.2)."""
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]


def _as_policies(wish: dict[str, object]) -> None:
    if "audience_policy" in wish:
        wish["audience_policy"] = AudiencePolicy(str(wish["audience_policy"]))
    if "speak_policy" in wish:
        wish["speak_policy"] = SpeakPolicy(str(wish["speak_policy"]))
