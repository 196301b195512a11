"""Shapes: what one may send, and what accounts look like."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from accounts import queries
from accounts.commands import SignedIn
from accounts.domain.account import Account
from spaces_project.kernel.clock import rfc3339
from spaces_project.kernel.ids import public
from spaces_project.kernel.web.shapes import Shape, Switch, Text

LONGEST_TEXT = 2000  # the domain knows the limits; this only keeps nonsense away from it


def _text(**options: Any) -> Text:
    return Text(max_length=LONGEST_TEXT, **options)


class Registration(Shape):
    """POST accounts."""

    handle = _text()
    password = _text()
    name = _text()


class ProfileChange(Shape):
    """PATCH accounts/me."""

    name = _text(required=False)
    bio = _text(required=False, allow_blank=True)
    protected = Switch(required=False)


class Proof(Shape):
    """POST tokens: handle and password, or a one-time code."""

    handle = _text(required=False)
    password = _text(required=False)
    code = _text(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the proof.

        :raises ValidationError: unless it is exactly one of the two kinds.
        """
        if set(attrs) not in ({"handle", "password"}, {"code"}):
            raise serializers.ValidationError("Send handle and password, or code.")
        return attrs


class Search(Shape):
    """GET accounts."""

    handle = _text()


def account_document(account: Account, viewer_id: UUID) -> dict[str, Any]:
    """Return an account as one viewer sees it: itself from the log, its counts from the view."""
    standing = queries.standing(account.id, viewer_id=viewer_id)
    return {
        "id": public("acc", account.id),
        "handle": account.handle,
        "name": account.name,
        "bio": account.bio,
        "protected": account.is_protected,
        "follower_count": standing.follower_count,
        "following_count": standing.following_count,
        "viewer": {"follows": standing.is_followed, "blocks": standing.is_blocked},
    }


def relation_document(account_id: UUID, *, follows: bool, blocks: bool) -> dict[str, Any]:
    """Return what the viewer now is to an account."""
    return {"id": public("acc", account_id), "viewer": {"follows": follows, "blocks": blocks}}


def session_document(session: SignedIn) -> dict[str, Any]:
    """Return a new session: its token, and the account that it is for."""
    return {
        "token": session.token,
        "expires_at": rfc3339(session.expires_at),
        "account": account_document(session.account, session.account.id),
    }
