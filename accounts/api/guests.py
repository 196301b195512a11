"""Guests over REST: listening without a name, and choosing one."""

from typing import Any, Final

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import commands
from accounts.api.serializers import Registration, session_document
from accounts.api.views import AccountsView, own_account
from accounts.domain.errors import NoGuests
from spaces_project.kernel.log.event_log import Receipt
from spaces_project.kernel.refusals import InvalidRequest, NotAuthenticated
from spaces_project.kernel.web.rate_limits import address_of, count
from spaces_project.kernel.web.shapes import Shape
from spaces_project.kernel.web.wishes import answer, carry_out, idempotency_key

LEAST_KEY: Final = 22  # characters: 128 bits in base64


class Guests(AccountsView):
    """Those who listen without a name."""

    authentication_classes = ()
    permission_classes = ()

    def post(self, request: Request) -> Response:
        """Come in as a guest; 201 with the account and its first token."""
        if not settings.GUESTS:
            raise NoGuests
        Shape(data=request.data).wished()
        key = idempotency_key(request)
        if key is not None and len(key) < LEAST_KEY:
            # Whoever repeats it is given the account: it must be nobody's guess.
            raise InvalidRequest(f"Idempotency-Key must have {LEAST_KEY} characters or more here.")
        count(request._request, "guests", address_of(request._request), once=key)
        receipt = carry_out(request, commands.register_guest)
        session = commands.begin_session(account_id=receipt.entity_id)
        if not session.account.is_guest:  # a key of old, and somebody's name by now
            raise NotAuthenticated("This guest has chosen a name; sign in with it.")
        return _signed_in(receipt, session, status=201)


class Name(AccountsView):
    """The name of who asks."""

    def put(self, request: Request) -> Response:
        """Choose name, handle and password; answers with a token of somebody with a name."""
        wish = Registration(data=request.data).wished()
        account_id = own_account(request).id
        key = idempotency_key(request)
        count(request._request, "registrations", address_of(request._request), once=key)
        receipt = carry_out(request, commands.choose_name, account_id=account_id, **wish)
        return _signed_in(receipt, commands.begin_session(account_id=account_id), status=200)


def _signed_in(receipt: Receipt, session: commands.SignedIn, status: int) -> Response:
    document: dict[str, Any] = session_document(session)
    body = {**document.pop("account"), **document}
    response = answer(receipt, body, status=status)
    if status == 201:  # noqa: PLR2004 - Created
        response["Location"] = f"/api/v1/accounts/{body['id']}"
    response["Cache-Control"] = "no-store"
    return response
