"""What came of each attempt, for a few days: status and the first words, encrypted."""

import contextlib
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from spaces_project.kernel.clock import now
from spaces_project.kernel.encryption import open_text, seal_text
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.keys.store import KeyDestroyed
from spaces_project.kernel.webhooks.lines import Line
from spaces_project.kernel.webhooks.messages import Message
from spaces_project.kernel.webhooks.models import DeliveryRow
from spaces_project.kernel.webhooks.posting import Answer

SAID: Final = "webhook_deliveries.sealed_said"
AT_ONCE: Final = 10_000
IDLE_DAYS: Final = 30

_FORGET: Final = """
DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM webhook_deliveries
    WHERE at < now() - make_interval(days => %s) LIMIT %s)
"""
# A line that has nothing to tell begins anew with the room's next event.
_FORGET_LINES: Final = """
DELETE FROM webhook_lines WHERE told_seq >= wanted_seq AND held_at IS NULL
    AND endpoint_id <> room_id AND next_attempt_at < now() - make_interval(days => %s)
"""


def keep(line: Line, message: Message, answer: Answer, attempt: int) -> None:
    """Keep what came of an attempt.

    What the receiver said may hold what it was told, so it is encrypted under the room's key: it
    is forgotten with the room.
    """
    said = b""
    if answer.said:
        with contextlib.suppress(KeyDestroyed):
            said = seal_text(answer.said, _key(line.endpoint_id, message.room_id), SAID)
    DeliveryRow.objects.create(
        id=new_id(),
        endpoint_id=line.endpoint_id,
        webhook_id=message.webhook_id,
        type=message.type,
        room_id=message.room_id,
        room_seq=message.seq if message.room_id else None,
        attempt=attempt,
        at=now(),
        duration_ms=answer.duration_ms,
        status=answer.status,
        outcome=answer.outcome,
        sealed_said=said,
    )


def said_in(row: DeliveryRow) -> str:
    """Return the first words of an answer; nothing, if they are forgotten."""
    if not row.sealed_said:
        return ""
    return open_text(bytes(row.sealed_said), _key(row.endpoint_id, row.room_id), SAID) or ""


def forget_old_attempts() -> None:
    """Delete attempts that are no longer shown, and lines that have had nothing to tell."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_LINES, [IDLE_DAYS])
        while True:
            cursor.execute(_FORGET, [settings.WEBHOOK_DAYS_SHOWN, AT_ONCE])
            if cursor.rowcount < AT_ONCE:
                return


def _key(endpoint_id: UUID, room_id: UUID | None) -> UUID:
    return room_id or endpoint_id
