"""Sign-in attempts: after five failures in a row, pauses that grow to a minute."""

from datetime import datetime, timedelta
from math import ceil
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.models import FailedSignIn
from spaces_project.kernel.refusals import TooManyRequests

FREE_FAILURES: Final = 5
LONGEST_PAUSE_S: Final = 60
FORGOTTEN_AFTER: Final = timedelta(hours=1)


def count_attempt(handle_digest: UUID, at: datetime) -> None:
    """Count an attempt as a failure before it is tried, so that many at once gain nothing.

    Handles that nobody has are counted alike: a pause must not tell which handles exist.

    :raises TooManyRequests: if the pause after the last failure is not over.
    """
    with transaction.atomic():
        FailedSignIn.objects.filter(last_at__lt=at - FORGOTTEN_AFTER).delete()
        kept, is_new = FailedSignIn.objects.select_for_update().get_or_create(
            handle_digest=handle_digest, defaults={"failures": 1, "last_at": at}
        )
        if is_new:
            return
        pause = pause_s(kept.failures)
        left_s = pause and (kept.last_at - at).total_seconds() + pause
        if left_s <= 0:
            kept.failures += 1
            kept.last_at = max(kept.last_at, at)  # whoever waited for the row brings an older time
            kept.save()
    if left_s > 0:
        raise TooManyRequests(
            "Too many failed attempts for this handle.", retry_after_s=ceil(left_s)
        )


def forget_attempts(handle_digest: UUID) -> None:
    """Forget the failures: somebody has signed in."""
    FailedSignIn.objects.filter(handle_digest=handle_digest).delete()


def pause_s(failures: int) -> int:
    """Return how long to wait after that many failures in a row: 0 up to the fourth, 1, 2, 4 ..."""
    if failures < FREE_FAILURES:
        return 0
    return min(1 << min(failures - FREE_FAILURES, 10), LONGEST_PAUSE_S)
