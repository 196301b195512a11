"""Endpoints: made, changed, found, deleted by their owner. Address and secrets are encrypted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from spaces_project.kernel.clock import now
from spaces_project.kernel.database import one_at_a_time
from spaces_project.kernel.encryption import open_text, seal_text
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.keys.store import KeyDestroyed, key_store
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.refusals import Forgotten, KeyReused, NotFound
from spaces_project.kernel.revocations import is_revoked_now
from spaces_project.kernel.webhooks.errors import TooManyEndpoints
from spaces_project.kernel.webhooks.models import EndpointRow
from spaces_project.kernel.webhooks.resolving import checked_and_resolved
from spaces_project.kernel.webhooks.signing import new_secret

URL: Final = "webhook_endpoints.sealed_url"
SECRET: Final = "webhook_endpoints.sealed_secret"  # noqa: S105 - a column
REVOKED: Final = "its key was revoked"
BOTH_SIGN: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose endpoints they are, and what these hear.

    :param until: when the owner's own right ends, if it does.
    """

    owner_id: UUID
    hears_all: bool = False
    until: datetime | None = None


def make(
    owner: Owner, url: str, types: Sequence[str], endpoint_id: UUID | None = None
) -> tuple[EndpointRow, bool]:
    """Return a new endpoint, and whether it is new: it hears what happens from now on.

    :param endpoint_id: the same for each retry of one wish.
    :raises WebhookUrlNotAllowed: if webhooks cannot go there.
    :raises TooManyEndpoints: if the owner has as many as may be.
    :raises KeyReused: if the retried wish was another one.
    :raises Forgotten: if what the retried wish made has been deleted since.
    """
    checked_and_resolved(url)
    made_id = endpoint_id or new_id()
    try:
        key_store().for_writing(made_id)
    except KeyDestroyed:
        raise Forgotten from None
    with transaction.atomic():
        one_at_a_time(owner.owner_id)
        if (known := EndpointRow.objects.filter(id=made_id).first()) is not None:
            if (url_of(known), known.types) != (url, sorted(set(types))):
                raise KeyReused
            return known, False
        if owned(owner).count() >= settings.WEBHOOK_ENDPOINTS:
            raise TooManyEndpoints(most=settings.WEBHOOK_ENDPOINTS)
        made = EndpointRow.objects.create(
            id=made_id,
            owner_id=owner.owner_id,
            hears_all=owner.hears_all,
            until=owner.until,
            sealed_url=seal_text(url, made_id, URL),
            sealed_secret=seal_text(new_secret(), made_id, SECRET),
            types=sorted(set(types)),
            since=event_log().head(),
            created_at=now(),
        )
    return made, True


def owned(owner: Owner) -> QuerySet[EndpointRow]:
    """Return the endpoints of an owner, the newest first."""
    found = EndpointRow.objects.filter(owner_id=owner.owner_id)
    return found.order_by("-created_at", "-id")


def one_of(owner: Owner, endpoint_id: UUID) -> EndpointRow:
    """Return an endpoint of an owner.

    :raises NotFound: if it is not there, or somebody else's.
    """
    found = owned(owner).filter(id=endpoint_id).first()
    if found is None:
        raise NotFound
    return found


def change(row: EndpointRow, *, url: str | None = None, types: Sequence[str] | None = None) -> None:
    """Change where an endpoint is, or what it hears of what is still to be told.

    :raises WebhookUrlNotAllowed: if webhooks cannot go there.
    """
    if url is not None:
        checked_and_resolved(url)
        row.sealed_url = seal_text(url, row.id, URL)
    if types is not None:
        row.types = sorted(set(types))
    row.save(update_fields=["sealed_url", "types"])


def rotate(row: EndpointRow) -> str:
    """Give an endpoint a new secret and return it; both sign for a day.

    Rotated again within the day, the secret from before stays the other one: whoever lost the
    answer has not cut off what the receiver knows.
    """
    with transaction.atomic():
        kept = EndpointRow.objects.select_for_update().get(id=row.id)
        if kept.former_secret_until is None or kept.former_secret_until <= now():
            row.sealed_former_secret = kept.sealed_secret
            row.former_secret_until = now() + BOTH_SIGN
        secret = new_secret()
        row.sealed_secret = seal_text(secret, row.id, SECRET)
        row.save(update_fields=["sealed_secret", "sealed_former_secret", "former_secret_until"])
    return secret


def delete(row: EndpointRow) -> None:
    """Delete an endpoint with all that is known of it, and the key that encrypted it."""
    EndpointRow.objects.filter(id=row.id).delete()
    key_store().destroy(row.id)


def disable(found: QuerySet[EndpointRow], because: str) -> int:
    """Tell endpoints nothing more, until somebody resumes them; return how many it changed."""
    return found.filter(disabled_at=None).update(disabled_at=now(), disabled_because=because)


def disable_of(owner_id: UUID) -> int:
    """Tell the endpoints of an owner nothing more: its right has ended."""
    return disable(EndpointRow.objects.filter(owner_id=owner_id), REVOKED)


def callable_now(endpoint_id: UUID) -> EndpointRow | None:
    """Return an endpoint that may be told something now.

    One that hears all rooms ends with its key, also if it was made at the moment in which that was
    revoked, or the process that revoked it died over it.
    """
    good = EndpointRow.objects.filter(Q(until=None) | Q(until__gt=now()))
    found = good.filter(id=endpoint_id, disabled_at=None).first()
    if found is not None and found.hears_all and is_revoked_now(found.owner_id):
        disable_of(found.owner_id)
        return None
    return found


def url_of(row: EndpointRow) -> str:
    """Return where an endpoint is; nowhere, if its key is gone."""
    return open_text(bytes(row.sealed_url), row.id, URL) or ""


def secret_of(row: EndpointRow) -> str:
    """Return the secret of an endpoint; for who made it, once."""
    return open_text(bytes(row.sealed_secret), row.id, SECRET) or ""


def secrets_of(row: EndpointRow, at: datetime) -> list[str]:
    """Return the secrets that sign at a time, the newest first."""
    sealed: list[Any] = [row.sealed_secret]
    if row.former_secret_until is not None and row.former_secret_until > at:
        sealed.append(row.sealed_former_secret)
    return [secret for each in sealed if (secret := open_text(each, row.id, SECRET))]
