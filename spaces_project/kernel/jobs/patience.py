"""When a job that failed is tried again."""

from datetime import datetime, timedelta
from typing import Final

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from spaces_project.kernel.clock import now
from spaces_project.kernel.outages import passes

ATTEMPTS: Final = 5
FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 30.0


class TooEarly(Exception):
    """The job was handed out before its time, by our clock."""

    def __init__(self, due_at: datetime) -> None:
        super().__init__(f"due at {due_at}")
        self.due_at = due_at


class Patience(BaseRetryStrategy):
    """Later and later: for ever while a database is away, five times for everything else.

    What fails then is kept as it is, and said aloud; ``manage.py jobs`` lists it.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to try again; None: not by itself."""
        if isinstance(exception, TooEarly):
            return RetryDecision(retry_at=exception.due_at)
        if not passes(exception) and job.attempts + 1 >= ATTEMPTS:
            return None
        pause_s = min(FIRST_PAUSE_S * 2 ** min(job.attempts, 10), LONGEST_PAUSE_S)
        return RetryDecision(retry_at=now() + timedelta(seconds=pause_s))
