"""The door of a room over REST: what stands on it, coming in and going away."""

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from rooms import commands, queries
from rooms.api.views.asking import coming_in, for_oneself, room_in_path
from rooms.discovery.cards import RoomCard, render_card
from rooms.snapshots import people_in, render_person
from spaces_project.kernel.refusals import NotAuthenticated
from spaces_project.kernel.web.address import Address
from spaces_project.kernel.web.min_position import MinPositionView


class Door(MinPositionView):
    """What everybody may see of a live public room before coming in, also without a token."""

    authentication_classes = ()
    permission_classes = ()
    read_models = queries.READ_MODELS

    def get(self, _request: Request, room_id: str) -> Response:
        """Show what the room is about, who hosts, who is on stage, how many are inside."""
        if not settings.GUESTS:
            raise NotAuthenticated
        view = queries.open_to_all(room_in_path(room_id))
        names = people_in([view])
        card = RoomCard(
            view.room_id,
            view.state,
            view.card.title,
            view.card.host_id,
            view.audience_policy,
            view.card.topic_ids,
            view.started_at,
            view.participant_count or 0,
        )
        on_stage = [render_person(account_id, names) for account_id in view.seats]
        return Response({**render_card(card, names), "on_stage": on_stage})


class JoinRoom(Address):
    """Coming in."""

    def post(self, request: Request, room_id: str) -> Response:
        """Come in as a listener, muted."""
        return coming_in(request, room_id, commands.join)


class LeaveRoom(Address):
    """Going away."""

    def post(self, request: Request, room_id: str) -> Response:
        """Leave the room; going twice changes nothing."""
        return for_oneself(request, room_id, commands.leave)
