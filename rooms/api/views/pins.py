"""Pins over REST: a few texts and links for everybody to see."""

from rest_framework.request import Request
from rest_framework.response import Response

from rooms import commands
from rooms.api.answers import room_answer
from rooms.api.serializers import Empty, NewPin
from rooms.api.views.asking import room_in_path
from rooms.domain.room import Room
from spaces_project.kernel.ids import public
from spaces_project.kernel.web.address import Address
from spaces_project.kernel.web.rest_authentication import asker
from spaces_project.kernel.web.wishes import carry_out, decided, parse_id


class Pins(Address):
    """What is pinned in a room; the room object shows it."""

    def post(self, request: Request, room_id: str) -> Response:
        """Pin a text, a link, or both; 201 with the room and the address of the pin."""
        wish = NewPin(data=request.data).wished()
        room, me = room_in_path(room_id), asker(request).account_id
        receipt = carry_out(request, commands.pin, room_id=room, by=me, **wish)
        response = room_answer(receipt, status=201)
        newest = list(decided(receipt, Room).pins)[-1]
        response["Location"] = f"{request.path}/{public('pin', newest)}"
        return response


class OnePin(Address):
    """One pin."""

    def delete(self, request: Request, room_id: str, pin_id: str) -> Response:
        """Take it down, whoever pinned it."""
        Empty(data=request.data).wished()
        receipt = carry_out(
            request,
            commands.unpin,
            room_id=room_in_path(room_id),
            pin_id=parse_id("pin", pin_id),
            by=asker(request).account_id,
        )
        return room_answer(receipt)
