"""Accounts over REST."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import commands, queries
from accounts.api.serializers import (
    ProfileChange,
    Proof,
    Registration,
    Search,
    account_document,
    relation_document,
    session_document,
)
from accounts.commands.people import existing_account
from accounts.domain.account import Account
from accounts.domain.errors import AccountNotFound
from accounts.projections.people import People
from spaces_project.kernel.authentication import sign_out
from spaces_project.kernel.log.event_log import Receipt
from spaces_project.kernel.refusals import NotAuthenticated
from spaces_project.kernel.web.min_position import MinPositionView
from spaces_project.kernel.web.rate_limits import address_of, count
from spaces_project.kernel.web.rest_authentication import SignedIn, asker
from spaces_project.kernel.web.wishes import (
    account_in_path,
    answer,
    carry_out,
    decided,
    idempotency_key,
)


class AccountsView(MinPositionView):
    """What all addresses of accounts have in common."""

    read_models = (People.name,)


class AccountList(AccountsView):
    """The accounts collection: anybody may join, who is in may look somebody up."""

    parameters = frozenset({"handle"})

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Ask no newcomer for a token, nor stumble over an old one."""
        return [] if self.request.method == "POST" else super().get_authenticators()

    def get_permissions(self) -> list[BasePermission]:
        """Let newcomers in."""
        return [] if self.request.method == "POST" else [SignedIn()]

    def post(self, request: Request) -> Response:
        """Register; 201 with the account and its first token."""
        wish = Registration(data=request.data).wished()
        key = idempotency_key(request)
        count(request._request, "registrations", address_of(request._request), once=key)
        receipt = carry_out(request, commands.register, **wish)
        if receipt.replayed:  # a lost answer asked for again, perhaps by somebody else
            session = commands.sign_in(handle=wish["handle"], password=wish["password"])
        else:
            session = commands.begin_session(account_id=receipt.entity_id)
        document = session_document(session)
        body = {**document.pop("account"), **document}
        response = answer(receipt, body, status=201)
        response["Location"] = f"{request.path}/{body['id']}"
        response["Cache-Control"] = "no-store"
        return response

    def get(self, request: Request) -> Response:
        """Return whose handle it is: a list of one or none."""
        wish = Search(data=request.query_params.dict()).wished()
        found = queries.person_by_handle(wish["handle"])
        results = [] if found is None else _seen(found.account_id, asker(request).account_id)
        return Response({"next": None, "previous": None, "results": results})


class Me(AccountsView):
    """Who asks."""

    def get(self, request: Request) -> Response:
        """Return the own account."""
        account = own_account(request)
        return _shown(account, account_document(account, account.id))

    def patch(self, request: Request) -> Response:
        """Change name, bio, or whether the account is protected."""
        wish = ProfileChange(data=request.data).wished()
        account_id = own_account(request).id
        receipt = carry_out(request, commands.change_profile, account_id=account_id, **wish)
        account = decided(receipt, Account)
        return answer(receipt, account_document(account, account_id))


class AccountDetail(AccountsView):
    """One account."""

    def get(self, request: Request, account: str) -> Response:
        """Return an account; whoever was blocked by it finds nothing."""
        viewer_id = asker(request).account_id
        found = _visible(account_in_path(request, account), viewer_id)
        return _shown(found, account_document(found, viewer_id))


class FollowingDetail(AccountsView):
    """Whether who asks follows one account."""

    def put(self, request: Request, account: str) -> Response:
        """Follow."""
        return self._carry_out(request, commands.follow, account, follows=True)

    def delete(self, request: Request, account: str) -> Response:
        """Follow no longer."""
        return self._carry_out(request, commands.unfollow, account, follows=False)

    def _carry_out(
        self, request: Request, command: Callable[..., Receipt], account: str, *, follows: bool
    ) -> Response:
        own_id, other_id = own_account(request).id, account_in_path(request, account)
        receipt = carry_out(request, command, follower_id=own_id, followee_id=other_id)
        blocks = queries.has_blocked(own_id, other_id)
        return answer(receipt, relation_document(other_id, follows=follows, blocks=blocks))


class BlockedDetail(AccountsView):
    """Whether who asks has blocked one account."""

    def put(self, request: Request, account: str) -> Response:
        """Block."""
        return self._carry_out(request, commands.block, account, blocks=True)

    def delete(self, request: Request, account: str) -> Response:
        """Lift the block."""
        return self._carry_out(request, commands.unblock, account, blocks=False)

    def _carry_out(
        self, request: Request, command: Callable[..., Receipt], account: str, *, blocks: bool
    ) -> Response:
        own_id, other_id = own_account(request).id, account_in_path(request, account)
        receipt = carry_out(request, command, blocker_id=own_id, blocked_id=other_id)
        follows = queries.follows(own_id, other_id)
        return answer(receipt, relation_document(other_id, follows=follows, blocks=blocks))


class Tokens(AccountsView):
    """The door."""

    authentication_classes = ()
    permission_classes = ()

    def post(self, request: Request) -> Response:
        """Sign in by handle and password, or by a one-time code."""
        wish = Proof(data=request.data).wished()
        if "code" in wish:
            session = commands.exchange_code(**wish)
        else:
            count(request._request, "sign-ins", address_of(request._request))
            session = commands.sign_in(**wish)
        return Response(session_document(session), headers={"Cache-Control": "no-store"})


class CurrentToken(AccountsView):
    """The token with which one asks."""

    def delete(self, request: Request) -> Response:
        """Sign out: within five seconds the token opens nothing, and its sockets are closed."""
        sign_out(asker(request))
        return Response(status=204)


def own_account(request: Request) -> Account:
    """Return the account of who asks.

    :raises NotAuthenticated: if it was forgotten.
    """
    try:
        return existing_account(asker(request).account_id)
    except AccountNotFound:
        raise NotAuthenticated("The account of this token is no more; sign in again.") from None


def _visible(account_id: UUID, viewer_id: UUID) -> Account:
    if queries.has_blocked(account_id, viewer_id):
        raise AccountNotFound
    return existing_account(account_id)


def _seen(account_id: UUID, viewer_id: UUID) -> list[dict[str, Any]]:
    try:
        return [account_document(_visible(account_id, viewer_id), viewer_id)]
    except AccountNotFound:
        return []


def _shown(account: Account, document: dict[str, Any]) -> Response:
    return Response(document, headers={"ETag": f'"{account.version}"'})
