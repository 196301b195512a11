"""Receipts are kept for a day: long enough for every retry, not for ever."""

import logging
from typing import Final

from django.db import Error, connection

KEPT: Final = "24 hours"
AT_ONCE: Final = 10_000
log = logging.getLogger(__name__)

_FORGET: Final = """
DELETE FROM log_receipts WHERE command_id IN (
    SELECT command_id FROM log_receipts
    WHERE stored_at < now() - %s::interval LIMIT %s
)
"""


def forget_old_receipts() -> int:
    """Delete the receipts that are older than a day, 10,000 at once; return how many went."""
    forgotten: int = 0
    try:
        with connection.cursor() as cursor:
            while True:
                cursor.execute(_FORGET, [KEPT, AT_ONCE])
                forgotten += int(cursor.rowcount)
                if cursor.rowcount < AT_ONCE:
                    return forgotten
    except Error as error:
        log.warning("old receipts stay for now: %s", error)
        connection.close()
        return forgotten
