"""Reactions over REST."""

from http import HTTPStatus

from rest_framework.request import Request
from rest_framework.response import Response

from rooms.domain.reactions import EMOJI
from rooms.reactions.react import react
from spaces_project.kernel.web.address import Address
from spaces_project.kernel.web.rate_limits import tell
from spaces_project.kernel.web.rest_authentication import asker
from spaces_project.kernel.web.shapes import Shape, Text
from spaces_project.kernel.web.wishes import idempotency_key, parse_id


class Reaction(Shape):
    """One emoji of the set."""

    emoji = Text(help_text=f"One of {' '.join(EMOJI)}")


class Reactions(Address):
    """What is thrown at the stage: shown to all for a moment, kept as a count."""

    def post(self, request: Request, room_id: str) -> Response:
        """React; 202, for it is shown to all within a second and is no event."""
        wish = Reaction(data=request.data).wished()
        key = idempotency_key(request)
        allowance = react(
            room_id=parse_id("room", room_id),
            account_id=asker(request).account_id,
            emoji=wish["emoji"],
            wish=key,
        )
        tell(request._request, allowance)
        return Response({"emoji": wish["emoji"]}, status=HTTPStatus.ACCEPTED)
