"""Redis, where there is one: for what may be lost, and for nothing else."""

from typing import Any, Final

import redis
import redis.asyncio

CONNECT_S: Final = 0.5
ANSWER_S: Final = 0.25  # a Redis that is slower than this is treated as gone
LIFE_SIGN_S: Final = 5.0


def blocking_pool(url: str) -> redis.ConnectionPool:
    """Return a pool of connections for threads; nothing is tried twice."""
    return redis.ConnectionPool.from_url(url, **_patience(ANSWER_S))


def listening_client(url: str) -> "redis.asyncio.Redis":
    """Return a client for an event loop; nothing is tried twice."""
    client: redis.asyncio.Redis = redis.asyncio.from_url(
        url, **_patience(1.0), health_check_interval=LIFE_SIGN_S
    )
    return client


def _patience(answer_s: float) -> dict[str, Any]:
    return {"socket_connect_timeout": CONNECT_S, "socket_timeout": answer_s, "retry": None}
