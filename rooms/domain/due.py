"""Whether a deadline has come, seen by a clock that may differ from the one that set it."""

from datetime import datetime, timedelta
from typing import Final

# A timer that comes as much too early by another machine's clock comes only once.
CLOCKS_DIFFER: Final = timedelta(seconds=2)


def is_due(deadline: datetime, at: datetime) -> bool:
    """Tell whether a timer for a deadline may act at a time."""
    return at + CLOCKS_DIFFER >= deadline
