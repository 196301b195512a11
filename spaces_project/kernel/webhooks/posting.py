"""One POST to somebody else's server: short, bounded, and only where it may go."""

import asyncio
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import aiohttp
from yarl import URL

from spaces_project.kernel.webhooks.addresses import checked_url
from spaces_project.kernel.webhooks.errors import WebhookUrlNotAllowed
from spaces_project.kernel.webhooks.resolving import GuardedResolver, Resolve, resolve

CONNECT_S: Final = 5.0
MOST_BYTES: Final = 64 * 1024  # of an answer; what is longer ends the connection
CHUNK: Final = 4096
SHOWN: Final = 200  # characters of an answer that are kept
SHOWN_BYTES: Final = 4 * SHOWN
KEPT_ALIVE_S: Final = 15.0
GONE: Final = 410
_SUCCESS: Final = range(200, 300)
_REDIRECTS: Final = range(300, 400)
_ALWAYS: Final = {"User-Agent": "Spaces-Webhooks/1", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt; ``outcome`` is ``delivered`` or why not."""

    outcome: str
    status: int | None
    said: str
    duration_ms: int

    @property
    def delivered(self) -> bool:
        """Whether the receiver has it."""
        return self.outcome == "delivered"

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants to hear nothing more."""
        return self.status == GONE


class Poster:
    """Connections to receivers; made and used on one event loop.

    :param most: how many deliveries run at once: each may resolve a name at the same moment.
    :param ask: what resolves names; tests bring their own.
    """

    def __init__(self, timeout_s: float, most: int, ask: Resolve = resolve) -> None:
        self._timeout_s = timeout_s
        self._threads = ThreadPoolExecutor(most, thread_name_prefix="webhook names")
        self._by_scheme = {
            "https": self._session(plain=False, ask=ask),
            "http": self._session(plain=True, ask=ask),
        }

    async def post(self, to: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send one message and return what came of it; it raises nothing that the other causes."""
        began = time.monotonic()
        heard = _Heard()
        try:
            url = checked_url(to)
            async with asyncio.timeout(self._timeout_s):
                await self._send(url, body, headers, heard)
            outcome = heard.outcome
        except WebhookUrlNotAllowed:
            outcome = "not-allowed"
        except TimeoutError:
            outcome = heard.outcome if heard.status in _SUCCESS else "timed-out"
        except (aiohttp.ClientError, OSError, ValueError):
            outcome = heard.outcome if heard.status in _SUCCESS else "unreachable"
        said = heard.body.decode("utf-8", "replace")[:SHOWN]
        return Answer(outcome, heard.status, said, round((time.monotonic() - began) * 1000))

    async def close(self) -> None:
        """Close all connections."""
        for session in self._by_scheme.values():
            await session.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _send(
        self, url: URL, body: bytes, headers: Mapping[str, str], heard: "_Heard"
    ) -> None:
        session = self._by_scheme[url.scheme]
        async with session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            heard.status = response.status
            read = 0
            async for chunk in response.content.iter_chunked(CHUNK):
                read += len(chunk)
                heard.body += chunk[: SHOWN_BYTES - len(heard.body)]
                if read >= MOST_BYTES:
                    response.close()
                    return

    def _session(self, *, plain: bool, ask: Resolve) -> aiohttp.ClientSession:
        resolver = GuardedResolver(plain=plain, threads=self._threads, ask=ask)
        connector = aiohttp.TCPConnector(
            resolver=resolver,
            use_dns_cache=False,
            limit=0,  # who calls bounds
            keepalive_timeout=KEPT_ALIVE_S,
        )
        return aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_S, sock_connect=CONNECT_S),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            headers=_ALWAYS,
            trust_env=False,
        )


class _Heard:
    """What has come so far of an answer."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.body = bytearray()

    @property
    def outcome(self) -> str:
        if self.status in _SUCCESS:
            return "delivered"
        return "redirected" if self.status in _REDIRECTS else "refused"
