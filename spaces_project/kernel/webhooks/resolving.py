"""Names to addresses, once, with a limit of time; what is found is checked before it is called."""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from functools import cache
from ipaddress import ip_address
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from spaces_project.kernel.webhooks.addresses import Address, checked_url, must_be_allowed
from spaces_project.kernel.webhooks.errors import WebhookUrlNotAllowed

RESOLVE_S: Final = 3.0
THREADS: Final = 4  # of web, where somebody else names names: more would be more to wait for

Resolve = Callable[[str, int], list[Address]]


def resolve(host: str, port: int) -> list[Address]:
    """Return every address of a name; none if there is no such name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [ip_address(str(place[0])) for *_, place in found]


def checked_and_resolved(text: str) -> URL:
    """Return an address to which webhooks may go now; for who registers one.

    :raises WebhookUrlNotAllowed: if its text, or one of its addresses, is not allowed.
    """
    url = checked_url(text)
    asked = _threads().submit(resolve, url.host or "", url.port or 0)
    try:
        found = asked.result(RESOLVE_S)
    except TookTooLong:
        asked.cancel()
        raise WebhookUrlNotAllowed("Its name could not be resolved in time.") from None
    must_be_allowed(found, plain=url.scheme == "http")
    return url


class GuardedResolver(AbstractResolver):
    """Resolves a name once for each connection and hands on only what was checked.

    The connection is made to these addresses, so a name that changes between check and use
    (DNS rebinding) gains nothing.

    :param plain: for addresses without TLS.
    """

    def __init__(self, *, plain: bool, threads: ThreadPoolExecutor, ask: Resolve = resolve) -> None:
        self._plain = plain
        self._threads = threads
        self._ask = ask

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a name.

        :raises WebhookUrlNotAllowed: if one of them is not allowed, or there is none.
        """
        del family
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, self._ask, host, port)
        must_be_allowed(found, plain=self._plain)
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET if address.version == 4 else socket.AF_INET6,  # noqa: PLR2004
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in dict.fromkeys(found)
        ]

    async def close(self) -> None:
        """Hold nothing."""


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="names")
