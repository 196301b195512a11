"""REST inside the socket server: Django's WSGI handler in a fixed pool of threads.

Django's ASGI handler makes a thread for each request and a database connection for each thread;
a pool keeps both bounded. A request comes as its WSGI environment (PEP 3333), and its answer
leaves as bytes that are ready for the wire: the event loop does nothing but move them.
"""

import asyncio
import atexit
import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from typing import Any, Final

import orjson

from spaces_project.kernel.refusals import Overloaded, Refusal, Unexpected, reason_phrase

log = logging.getLogger(__name__)

Environ = dict[str, Any]
WsgiApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Done = Callable[[bytes], None]
Headers = list[tuple[str, str]]

THREADS: Final = 4
MOST_PENDING: Final = 256  # beyond it, waiting in line would take longer than a client's patience
PATIENCE_S: Final = 5.0  # with a request that is still worked on when the process ends
BODILESS: Final = ("1", "204", "304")  # RFC 9110, sections 6.4.1 and 15


class WsgiPool:
    """Runs a WSGI application in a fixed number of threads for one event loop."""

    def __init__(self, application: WsgiApplication, threads: int = THREADS) -> None:
        self._application = application
        self._number = threads
        self._threads: list[threading.Thread] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._requests: SimpleQueue[tuple[Environ, bool, Done] | None] = SimpleQueue()
        self._answers: deque[tuple[Done, bytes]] = deque()
        self._told = False  # the loop knows that there are answers
        self._pending = 0

    def submit(self, environ: Environ, done: Done, *, close: bool) -> None:
        """Answer a request; ``done`` gets the bytes on the event loop, which is the caller.

        :param close: whether the answer says that the connection ends with it.
        :raises Overloaded: if too many are waiting.
        """
        if self._pending >= MOST_PENDING:
            raise Overloaded(retry_after_s=1)
        if self._loop is None:
            self._start(asyncio.get_running_loop())
        self._pending += 1
        self._requests.put((environ, close, done))

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        for number in range(self._number):
            thread = threading.Thread(target=self._work, name=f"rest {number}", daemon=True)
            thread.start()
            self._threads.append(thread)
        atexit.register(self._stop)

    def _stop(self) -> None:
        """Let every thread finish what it works on: it may be a command."""
        for _ in self._threads:
            self._requests.put(None)
        for thread in self._threads:
            thread.join(PATIENCE_S)

    def _work(self) -> None:
        while (request := self._requests.get()) is not None:
            environ, close, done = request
            try:
                answer = run(self._application, environ, close=close)
            except Exception:
                log.exception("a request broke outside of Django")
                answer = refused(Unexpected(), environ, close=close)
            self._answers.append((done, answer))
            if not self._told:  # one wake-up is enough for all answers of a moment
                self._told = True
                assert self._loop is not None
                with contextlib.suppress(RuntimeError):  # the loop has ended
                    self._loop.call_soon_threadsafe(self._hand_over)

    def _hand_over(self) -> None:
        self._told = False  # first: who appends from here on tells again
        while self._answers:
            done, answer = self._answers.popleft()
            self._pending -= 1
            try:
                done(answer)
            except Exception:
                log.exception("an answer could not be handed over")


def run(application: WsgiApplication, environ: Environ, *, close: bool) -> bytes:
    """Return a WSGI application's answer to a request, as it goes over the wire."""
    started: list[Any] = []

    def start_response(status: str, headers: Headers, *_: Any) -> None:
        started[:] = [status, headers]

    chunks = application(environ, start_response)
    try:
        content = b"".join(chunks)
    finally:
        if ending := getattr(chunks, "close", None):
            ending()
    status, headers = started
    return on_the_wire(status, headers, content, head_only=_head_only(environ), close=close)


def refused(refusal: Refusal, environ: Environ, *, close: bool) -> bytes:
    """Return a problem document for a request that does not reach Django."""
    headers = [("Content-Type", "application/problem+json")]
    if retry_after := refusal.facts.get("retry_after_s"):
        headers.append(("Retry-After", str(retry_after)))
    status = f"{refusal.status} {reason_phrase(refusal.kind)}"
    return on_the_wire(
        status, headers, orjson.dumps(refusal.problem()), head_only=_head_only(environ), close=close
    )


def _head_only(environ: Environ) -> bool:
    """Tell whether no content may follow: a client would take it for the next answer."""
    return bool(environ["REQUEST_METHOD"] == "HEAD")


def on_the_wire(
    status: str, headers: Headers, content: bytes, *, close: bool, head_only: bool = False
) -> bytes:
    """Return a whole HTTP/1.1 message (RFC 9112), always with its length."""
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
    if status.startswith(BODILESS):
        content = b""
    elif not any(name.lower() == "content-length" for name, _ in headers):
        lines.append(f"Content-Length: {len(content)}")
    if close:
        lines.append("Connection: close")
    head = "\r\n".join((*lines, "", "")).encode("latin-1")
    return head if head_only else head + content
