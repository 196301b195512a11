"""Invitations over REST: to come in, to speak, to all followers; and what is said to them."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts import queries as accounts
from rooms import commands
from rooms.api.serializers import Invitation
from rooms.api.views.asking import about_somebody, coming_in, for_oneself, room_in_path
from rooms.domain.participation import Participation
from rooms.snapshots import render_person
from rooms.streams import participation
from spaces_project.kernel.clock import rfc3339
from spaces_project.kernel.log.event_log import Receipt
from spaces_project.kernel.web.address import Address
from spaces_project.kernel.web.rest_authentication import asker
from spaces_project.kernel.web.wishes import answer, carry_out, parse_id


class Invitations(Address):
    """Who is invited to a room, and to its stage."""

    def post(self, request: Request, room_id: str) -> Response:
        """Invite chosen people, all followers, or (``to``: ``speak``) one person to speak."""
        wish = Invitation(data=request.data).wished()
        room, me = room_in_path(room_id), asker(request).account_id
        if "followers" in wish:
            receipt = carry_out(request, commands.invite_followers, room_id=room, by=me)
            return answer(receipt, _invited("followers", [], receipt))
        whom = [parse_id("acc", text) for text in wish["account_ids"]]
        if wish.get("to") == "speak":
            receipt = carry_out(
                request, commands.invite_to_speak, room_id=room, account_id=whom[0], by=me
            )
            return answer(receipt, _invited("speak", whom, receipt, _until(receipt, room, whom[0])))
        receipt = carry_out(request, commands.invite, room_id=room, account_ids=whom, by=me)
        return answer(receipt, _invited("room", whom, receipt))


class OneInvitation(Address):
    """One person's invitation."""

    def delete(self, request: Request, room_id: str, account_id: str) -> Response:
        """Take it back: the open one to speak, else the one to come in."""
        return about_somebody(request, room_id, account_id, commands.cancel_invitation)


class AcceptInvitation(Address):
    """Saying yes."""

    def post(self, request: Request, room_id: str) -> Response:
        """Take the offered seat, coming in first if necessary; without an offer, come in."""
        return coming_in(request, room_id, commands.accept_invitation)


class DeclineInvitation(Address):
    """Saying no."""

    def post(self, request: Request, room_id: str) -> Response:
        """Say no to the offer of a seat; without one, to the invitation."""
        return for_oneself(request, room_id, commands.decline_invitation)


def _invited(
    to: str, whom: list[UUID], receipt: Receipt, expires_at: str | None = None
) -> dict[str, Any]:
    names = accounts.people_now(whom)
    return {
        "to": to,
        "results": [render_person(account_id, names) for account_id in dict.fromkeys(whom)],
        "expires_at": expires_at,
        "seq": receipt.seq,
    }


def _until(receipt: Receipt, room_id: UUID, account_id: UUID) -> str | None:
    """Return until when the offer of a seat is open, as it was made, also for a retry."""
    part = receipt.entity
    if not isinstance(part, Participation):
        part = participation(room_id, account_id, version=receipt.version)
    offer = part.speak_invitation
    return rfc3339(offer.expires_at) if offer else None
