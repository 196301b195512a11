"""Refusals: the reasons why the answer is no, and their problem documents (RFC 9457)."""

from collections.abc import Iterator
from enum import Enum
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID


class Kind(Enum):
    """What sort of no it is; the value is the HTTP status."""

    INVALID = 400
    UNAUTHENTICATED = 401
    FORBIDDEN = 403
    NOT_FOUND = 404
    METHOD = 405
    NOT_ACCEPTABLE = 406
    CONFLICT = 409
    GONE = 410
    PRECONDITION = 412
    TOO_LARGE = 413
    MEDIA_TYPE = 415
    UNPROCESSABLE = 422
    TOO_MANY = 429
    BAD_GATEWAY = 502
    UNAVAILABLE = 503


class Refusal(Exception):
    """A reason why the domain, or an edge, says no.

    A subclass names it: ``kind``, ``code`` (for machines, never changed once shipped), ``title``
    (a sentence). Its docstring is its page under ``/problems/``: it says what to do. Keyword
    arguments are facts for the client; ``detail`` and ``retry_after_s`` have a meaning of their
    own.
    """

    kind: ClassVar[Kind]
    code: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, detail: str | None = None, **facts: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.facts = facts

    @property
    def status(self) -> int:
        """The HTTP status code."""
        return self.kind.value

    def problem(self, request_id: str | None = None) -> dict[str, Any]:
        """Return the problem document (RFC 9457, section 3.1)."""
        document: dict[str, Any] = {
            "type": f"/problems/{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
        }
        if self.detail:
            document["detail"] = self.detail
        if request_id:
            document["request_id"] = request_id
        for name, value in self.facts.items():
            document[name] = str(value) if isinstance(value, UUID) else value
        return document


class InvalidRequest(Refusal):
    """The request has the wrong shape. ``errors`` points at each wrong member; mend those."""

    kind, code, title = Kind.INVALID, "invalid-request", "The request has the wrong shape."


class NotAuthenticated(Refusal):
    """No valid token came with the request. Send ``Authorization: Bearer`` with a fresh one."""

    kind, code, title = Kind.UNAUTHENTICATED, "not-authenticated", "Sign in first."


class NotAllowed(Refusal):
    """You are known, but may not do this."""

    kind, code, title = Kind.FORBIDDEN, "not-allowed", "You may not do this."


class NameNeeded(NotAllowed):
    """A guest listens and reacts; this takes a name.

    Choose name, handle and password with ``PUT /api/v1/accounts/me/name``, then ask again, with
    the token of its answer. It stays the same account, in the same room. If ``account_id`` stands
    here, it is that person who must choose a name first.
    """

    code, title = "name-needed", "Choose a name first."


class NotFound(Refusal):
    """There is nothing at this address, or nothing that you may see."""

    kind, code, title = Kind.NOT_FOUND, "not-found", "There is nothing here."


class WrongMethod(Refusal):
    """The address exists, but not for this method; the ``Allow`` header lists what does."""

    kind, code, title = Kind.METHOD, "method-not-allowed", "This method does not work here."


class NotAcceptable(Refusal):
    """The answer exists only as JSON. Ask for ``application/json``."""

    kind, code, title = Kind.NOT_ACCEPTABLE, "not-acceptable", "There is no such representation."


class WrongMediaType(Refusal):
    """The body is of a type that this address does not read."""

    kind, code, title = Kind.MEDIA_TYPE, "unsupported-media-type", "This body type is not read."


class BodyTooLarge(Refusal):
    """The body is larger than the limit; it was refused before it was read."""

    kind, code, title = Kind.TOO_LARGE, "body-too-large", "The body is too large."


class TooManyRequests(Refusal):
    """You came too often. Wait as long as ``Retry-After`` says."""

    kind, code, title = Kind.TOO_MANY, "too-many-requests", "Too many requests; slow down."


class Contended(Refusal):
    """Others changed the same thing at the same moment, again and again. Try once more."""

    kind, code, title = Kind.CONFLICT, "contended", "Too many changes at once; try again."


class Forgotten(Refusal):
    """What was here has been deleted for good, with the key that encrypted it."""

    kind, code, title = Kind.GONE, "forgotten", "This has been deleted for good."


class VersionMismatch(Refusal):
    """It was changed since you read it. Read it again, then decide anew with the new ``ETag``."""

    kind, code, title = (
        Kind.PRECONDITION,
        "version-mismatch",
        "It has changed since you read it.",
    )


class KeyReused(Refusal):
    """This ``Idempotency-Key`` was used with another body. Take a new key for a new wish."""

    kind, code, title = (
        Kind.UNPROCESSABLE,
        "idempotency-key-reused",
        "This idempotency key belongs to another request.",
    )


class StorageUnavailable(Refusal):
    """The database did not answer. Ask again after ``Retry-After``, under the same key.

    Whether a command was carried out may be unknown; asked again under its ``Idempotency-Key`` (a
    frame's ``ref``) it is not carried out twice.
    """

    kind, code, title = Kind.UNAVAILABLE, "storage-unavailable", "The database did not answer."


class Overloaded(Refusal):
    """More requests came at once than this process can line up. Try again in a moment."""

    kind, code, title = Kind.UNAVAILABLE, "overloaded", "Too many requests at once."


class ProjectionBehind(Refusal):
    """The view has not reached the position that you asked for; try again in a moment."""

    kind, code, title = Kind.UNAVAILABLE, "projection-behind", "The view is catching up."


class Unexpected(Refusal):
    """Something broke on our side. It was logged under ``request_id``; nothing is half done."""

    kind, code, title = Kind.UNAVAILABLE, "unexpected", "Something broke on our side."


def every_refusal(base: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Yield every named refusal there is: the source of the pages under ``/problems/``."""
    for refusal in base.__subclasses__():
        if "code" in refusal.__dict__:
            yield refusal
        yield from every_refusal(refusal)


def reason_phrase(kind: Kind) -> str:
    """Return the standard phrase of a kind's status, e.g. ``Conflict``."""
    return HTTPStatus(kind.value).phrase
