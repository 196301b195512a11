"""The header fields of limits (draft-ietf-httpapi-ratelimit-headers-10): structured lists."""

from collections.abc import Iterable

from spaces_project.kernel.limits.counting import Allowance


def fields(allowances: Iterable[Allowance]) -> dict[str, str]:
    """Return ``RateLimit-Policy`` (q: how many, w: in how many seconds) and ``RateLimit``.

    In ``RateLimit``, r is what is left and t the seconds until there is more.
    """
    found = list(allowances)
    if not found:
        return {}
    policy = (f'"{a.limit.name}";q={a.limit.amount};w={a.limit.window_s}' for a in found)
    left = (f'"{a.limit.name}";r={a.remaining};t={a.reset_s}' for a in found)
    return {"RateLimit-Policy": ", ".join(policy), "RateLimit": ", ".join(left)}
