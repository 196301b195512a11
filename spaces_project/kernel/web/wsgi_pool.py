"""REST inside the socket server: Django's WSGI handler in a fixed pool of threads.

Django's ASGI handler makes a thread for each request and a database connection for each thread;
a pool keeps both bounded and serves three times as many requests.
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import orjson

from spaces_project.kernel.refusals import Overloaded, Refusal

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]

THREADS: Final = 4
MOST_PENDING: Final = 256  # beyond it, waiting in line would take longer than a client's patience
PROBLEM: Final = b"application/problem+json"
UNPREFIXED: Final = frozenset({b"content-type", b"content-length"})


class WsgiPool:
    """An ASGI application for HTTP that runs a WSGI application in a fixed pool."""

    def __init__(self, application: WsgiApplication, threads: int = THREADS) -> None:
        self._application = application
        self._pending = 0
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="rest")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = await read_body(receive)
        if body is None:
            return
        if self._pending >= MOST_PENDING:
            await send_refusal(send, Overloaded(retry_after_s=1))
            return
        self._pending += 1
        try:
            status, headers, content = await asyncio.get_running_loop().run_in_executor(
                self._pool, self._run, _environ(scope, body)
            )
        finally:
            self._pending -= 1
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _run(self, environ: dict[str, Any]) -> Answer:
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            started[:] = [status, headers]

        chunks = self._application(environ, start_response)
        try:
            content = b"".join(chunks)
        finally:
            if close := getattr(chunks, "close", None):
                close()
        status, headers = started
        encoded = [(name.lower().encode("latin-1"), v.encode("latin-1")) for name, v in headers]
        return int(status.split(" ", 1)[0]), encoded, content


async def send_refusal(send: Send, refusal: Refusal) -> None:
    """Answer a request outside of Django with a problem document."""
    headers = [(b"content-type", PROBLEM)]
    if retry_after := refusal.facts.get("retry_after_s"):
        headers.append((b"retry-after", str(retry_after).encode()))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(refusal.problem())})


async def read_body(receive: Receive) -> bytes | None:
    """Return a request's body; None if the client has gone."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """Return the WSGI environment of a request (PEP 3333)."""
    server = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("ascii"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(body)),
    }
    for name, value in scope["headers"]:
        if name == b"content-length":
            continue  # what was read is what counts
        key = name.decode("latin-1").upper().replace("-", "_")
        if name not in UNPREFIXED:
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ
