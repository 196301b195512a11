"""Keys for servers over REST: made, listed and taken back by the account that they act for."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import api_keys, commands
from accounts.models import ApiKey
from spaces_project.kernel.clock import now, rfc3339
from spaces_project.kernel.ids import public
from spaces_project.kernel.web.min_position import MinPositionView
from spaces_project.kernel.web.pages import Pages
from spaces_project.kernel.web.rest_authentication import asker
from spaces_project.kernel.web.shapes import Moment, Shape, Text, Words
from spaces_project.kernel.web.wishes import parse_id

KEY = "key"
NO_STORE = {"Cache-Control": "no-store"}


class NewKey(Shape):
    """POST accounts/me/api-keys."""

    name = Text(max_length=100)
    scopes = Words(choices=commands.OWN_SCOPES, allow_empty=False)
    expires_at = Moment(required=False, allow_null=True)

    def validate_expires_at(self, value: Any) -> Any:
        """Return the end of the key.

        :raises ValidationError: if it is over already.
        """
        if value is not None and value <= now():
            raise serializers.ValidationError("This is over.")
        return value


class Keys(MinPositionView):
    """The keys of who asks."""

    parameters = frozenset({"limit", "cursor"})

    def get(self, request: Request) -> Response:
        """List the keys that are good, the newest first; never the keys themselves."""
        pages = Pages()
        found = api_keys.good_ones(asker(request).account_id)
        rows = pages.paginate_queryset(found, request, view=self) or []
        return pages.get_paginated_response([key_document(row) for row in rows])

    def post(self, request: Request) -> Response:
        """Make a key; 201 with its ``secret``, which nobody can see again."""
        wish = NewKey(data=request.data).wished()
        wish["scopes"] = sorted(wish["scopes"])
        made = commands.make_key(account_id=asker(request).account_id, **wish)
        row = ApiKey.objects.get(id=made.key_id)
        body = {**key_document(row), "secret": made.secret}
        response = Response(body, status=201, headers=NO_STORE)
        response["Location"] = f"{request.path}/{body['id']}"
        return response


class OneKey(MinPositionView):
    """One key of who asks."""

    def delete(self, request: Request, key_id: str) -> Response:
        """Take the key back; within five seconds it opens nothing, anywhere."""
        commands.revoke_key(key_id=parse_id(KEY, key_id), owned_by=asker(request).account_id)
        return Response(status=204)


def key_document(row: ApiKey) -> dict[str, Any]:
    """Return what is shown of a key."""
    return {
        "id": public(KEY, row.id),
        "name": row.name,
        "scopes": row.scopes,
        "created_at": rfc3339(row.created_at),
        "expires_at": rfc3339(row.expires_at) if row.expires_at else None,
        "last_used_at": rfc3339(row.last_used_at) if row.last_used_at else None,
    }
