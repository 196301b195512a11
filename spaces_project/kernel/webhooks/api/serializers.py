"""Shapes: what one may send, and what endpoints and deliveries look like."""

from typing import Any, Final
from uuid import UUID

from rest_framework import serializers

from spaces_project.kernel.clock import now, rfc3339
from spaces_project.kernel.ids import public
from spaces_project.kernel.web.shapes import Shape
from spaces_project.kernel.webhooks import attempts, endpoints, lines
from spaces_project.kernel.webhooks.models import DeliveryRow, EndpointRow
from spaces_project.kernel.webhooks.sources import told

ENDPOINT: Final = "whe"
DELIVERY: Final = "whd"
ROOM: Final = "room"
LONGEST_TEXT: Final = 4096  # the guard knows the limit; this only keeps nonsense away from it
MOST_TYPES: Final = 100
HELD_SHOWN: Final = 100
HIGHEST_SEQ: Final = 2**53


class _Types(Shape):
    """What has a list of types."""

    types = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, max_length=MOST_TYPES
    )

    def validate_types(self, value: list[str]) -> list[str]:
        """Return the types.

        :raises ValidationError: naming those that do not exist.
        """
        known = told().names
        if unknown := sorted(set(value) - set(known)):
            words = ", ".join(known)
            raise serializers.ValidationError(f"Not among {words}: {', '.join(unknown)}.")
        return value


class NewEndpoint(_Types):
    """POST webhook-endpoints; no ``types``: all."""

    url = serializers.CharField(max_length=LONGEST_TEXT)


class EndpointChange(_Types):
    """PATCH webhook-endpoints/{id}; what is missing stays."""

    url = serializers.CharField(max_length=LONGEST_TEXT, required=False)


class ReplayWish(Shape):
    """POST webhook-endpoints/{id}/replay."""

    room_id = serializers.CharField(max_length=100)
    after = serializers.IntegerField(min_value=0, max_value=HIGHEST_SEQ, default=0)


class ResumeWish(Shape):
    """POST webhook-endpoints/{id}/resume; no ``room_id``: everything."""

    room_id = serializers.CharField(max_length=100, required=False)


class Nothing(Shape):
    """A wish without members."""


def endpoint_document(row: EndpointRow) -> dict[str, Any]:
    """Return what its owner sees of an endpoint."""
    both_until = row.former_secret_until
    return {
        "id": public(ENDPOINT, row.id),
        "url": endpoints.url_of(row),
        "types": row.types,
        "hears": "all" if row.hears_all else "hosted",
        "state": "enabled" if row.disabled_at is None else "disabled",
        "disabled_at": rfc3339(row.disabled_at) if row.disabled_at else None,
        "disabled_because": row.disabled_because,
        "is_failing": row.is_failing,
        "held_room_ids": [_room(each) for each in lines.held_rooms(row.id, HELD_SHOWN)],
        "former_secret_until": rfc3339(both_until) if both_until and both_until > now() else None,
        "created_at": rfc3339(row.created_at),
    }


def delivery_document(row: DeliveryRow) -> dict[str, Any]:
    """Return what came of one attempt."""
    return {
        "id": public(DELIVERY, row.id),
        "webhook_id": row.webhook_id,
        "type": row.type,
        "room_id": _room(row.room_id) if row.room_id else None,
        "room_seq": row.room_seq,
        "attempt": row.attempt,
        "at": rfc3339(row.at),
        "duration_ms": row.duration_ms,
        "status": row.status,
        "outcome": row.outcome,
        "said": attempts.said_in(row),
    }


def _room(room_id: UUID) -> str:
    return public(ROOM, room_id)
