"""Webhook endpoints over REST."""

from typing import Any, Final
from uuid import UUID, uuid5

from rest_framework.request import Request
from rest_framework.response import Response

from spaces_project.kernel.refusals import NotFound
from spaces_project.kernel.scopes import ALL_WEBHOOKS
from spaces_project.kernel.web.min_position import MinPositionView
from spaces_project.kernel.web.pages import Pages
from spaces_project.kernel.web.rate_limits import count
from spaces_project.kernel.web.rest_authentication import asker
from spaces_project.kernel.web.wishes import idempotency_key, parse_id
from spaces_project.kernel.webhooks import endpoints, lines
from spaces_project.kernel.webhooks.api.serializers import (
    ENDPOINT,
    ROOM,
    EndpointChange,
    NewEndpoint,
    Nothing,
    ReplayWish,
    ResumeWish,
    delivery_document,
    endpoint_document,
)
from spaces_project.kernel.webhooks.endpoints import Owner
from spaces_project.kernel.webhooks.errors import NothingToReplay
from spaces_project.kernel.webhooks.messages import test_id
from spaces_project.kernel.webhooks.models import DeliveryRow, EndpointRow

NO_STORE: Final = {"Cache-Control": "no-store"}


class Endpoints(MinPositionView):
    """The endpoints of who asks."""

    parameters = frozenset({"limit", "cursor"})

    def get(self, request: Request) -> Response:
        """List your endpoints, the newest first."""
        pages = Pages(("-created_at", "-id"))
        rows = pages.paginate_queryset(endpoints.owned(owner_of(request)), request, view=self)
        return pages.get_paginated_response([endpoint_document(row) for row in rows or []])

    def post(self, request: Request) -> Response:
        """Make an endpoint; 201 with its ``secret``, which nobody can see again.

        It hears what happens from now on. Asked again under its ``Idempotency-Key``, the answer is
        the same endpoint with the same secret.
        """
        wish = NewEndpoint(data=request.data).wished()
        owner = owner_of(request)
        row, is_new = endpoints.make(
            owner, wish["url"], wish.get("types", []), _same_for_retries(request, owner)
        )
        body = {**endpoint_document(row), "secret": endpoints.secret_of(row)}
        response = Response(body, status=201, headers=NO_STORE)
        response["Location"] = f"{request.path}/{body['id']}"
        if not is_new:
            response["Idempotent-Replayed"] = "true"
        return response


class OneEndpoint(MinPositionView):
    """One endpoint of who asks."""

    def get(self, request: Request, endpoint_id: str) -> Response:
        """Show an endpoint: what it hears, whether it is disabled, and which rooms are held."""
        return Response(endpoint_document(_mine(request, endpoint_id)))

    def patch(self, request: Request, endpoint_id: str) -> Response:
        """Change its address, its types, or both."""
        wish = EndpointChange(data=request.data).wished()
        row = _mine(request, endpoint_id)
        endpoints.change(row, **wish)
        return Response(endpoint_document(row))

    def delete(self, request: Request, endpoint_id: str) -> Response:
        """Delete an endpoint and all that is known of its deliveries."""
        endpoints.delete(_mine(request, endpoint_id))
        return Response(status=204)


class Test(MinPositionView):
    """A message about nothing."""

    def post(self, request: Request, endpoint_id: str) -> Response:
        """Send a ``webhook.test`` soon, once; its deliveries say what came of it."""
        Nothing(data=request.data).wished()
        row = _mine_to_send(request, endpoint_id, "webhook-tests")
        number = lines.ask_for_test(row.id)
        return Response({"webhook_id": test_id(row.id, number)}, status=202)


class Replay(MinPositionView):
    """What was told once more."""

    def post(self, request: Request, endpoint_id: str) -> Response:
        """Tell a room again from behind a ``seq`` on, under the same webhook-ids."""
        wish = ReplayWish(data=request.data).wished()
        row = _mine_to_send(request, endpoint_id, "webhook-replays")
        room_id = parse_id(ROOM, wish["room_id"])
        newest = lines.last_seq_heard(row.id, room_id)
        if newest is None:
            raise NotFound
        if wish["after"] > newest:
            raise NothingToReplay(newest_seq=newest)
        lines.replay(row.id, room_id, wish["after"], newest)
        return Response(endpoint_document(row), status=202)


class Rotate(MinPositionView):
    """A new secret."""

    def post(self, request: Request, endpoint_id: str) -> Response:
        """Give the endpoint a new ``secret``; for 24 hours both the old and the new one sign."""
        Nothing(data=request.data).wished()
        row = _mine(request, endpoint_id)
        secret = endpoints.rotate(row)
        return Response({**endpoint_document(row), "secret": secret}, headers=NO_STORE)


class Resume(MinPositionView):
    """Going on."""

    def post(self, request: Request, endpoint_id: str) -> Response:
        """Enable the endpoint, and let what waits or is held be told now; or one room of it."""
        wish = ResumeWish(data=request.data).wished()
        row = _mine(request, endpoint_id)
        room_id = parse_id(ROOM, wish["room_id"]) if "room_id" in wish else None
        lines.resume(row.id, room_id)
        row.refresh_from_db()
        return Response(endpoint_document(row))


class Deliveries(MinPositionView):
    """What came of each attempt."""

    parameters = frozenset({"limit", "cursor", "room_id"})

    def get(self, request: Request, endpoint_id: str) -> Response:
        """List the attempts of the last days, the newest first; perhaps those of one room."""
        row = _mine(request, endpoint_id)
        found = DeliveryRow.objects.filter(endpoint_id=row.id)
        if "room_id" in request.query_params:
            found = found.filter(room_id=parse_id(ROOM, request.query_params["room_id"]))
        pages = Pages()
        rows: Any = pages.paginate_queryset(found, request, view=self) or []
        return pages.get_paginated_response([delivery_document(each) for each in rows])


def owner_of(request: Request) -> Owner:
    """Return whose endpoints the request is about: a key that hears all rooms has its own."""
    identity = asker(request)
    grant = identity.grant
    if grant is not None and ALL_WEBHOOKS in grant.scopes:
        return Owner(grant.key_id, hears_all=True, until=identity.expires_at)
    return Owner(identity.account_id)


def _mine(request: Request, endpoint_id: str) -> EndpointRow:
    return endpoints.one_of(owner_of(request), parse_id(ENDPOINT, endpoint_id))


def _mine_to_send(request: Request, endpoint_id: str, limit: str) -> EndpointRow:
    """Return the endpoint, once what is to be sent to it has been counted for its owner.

    Somebody else's server is at the other end: it is not to be flooded from here.

    :raises TooManyRequests: if it is one too many, over all endpoints of the owner.
    """
    row = _mine(request, endpoint_id)
    count(request._request, limit, owner_of(request).owner_id.hex)
    return row


def _same_for_retries(request: Request, owner: Owner) -> UUID | None:
    key = idempotency_key(request)
    if key is None:
        return None
    return uuid5(owner.owner_id, f"webhook endpoint {key}")
