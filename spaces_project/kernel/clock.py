"""The only place that reads the wall clock; the domain gets times as arguments."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current time in UTC, cut to milliseconds as the interfaces show it."""
    time = datetime.now(UTC)
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def rfc3339(time: datetime) -> str:
    """Return a time as the interfaces write it: ``2026-11-20T09:30:00.000Z`` (RFC 3339)."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
