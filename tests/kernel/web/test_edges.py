"""The edges of HTTP: answers that do not come from Django are as whole as those that do."""

import asyncio
import socket
from collections.abc import Iterable
from typing import Any

import pytest

from spaces_project.kernel.refusals import TooManyRequests
from spaces_project.kernel.web.wsgi_pool import WsgiPool, refused
from tests.kernel.processes import Web

SEPARATORS = [b"\x0b", b"\x1c", b"\x85"]  # that Twisted lets pass in a header's value


def breaks(_environ: Any, _start: Any) -> Iterable[bytes]:
    raise RuntimeError


@pytest.mark.parametrize(("method", "has_content"), [("GET", True), ("HEAD", False)])
async def test_what_breaks_outside_of_django_is_answered(method: str, has_content: bool) -> None:
    answered: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
    pool = WsgiPool(breaks, threads=1)
    pool.submit({"REQUEST_METHOD": method}, answered.set_result, close=False)
    head, _, content = (await asyncio.wait_for(answered, 20)).partition(b"\r\n\r\n")
    pool._stop()

    assert head.startswith(b"HTTP/1.1 503")
    assert bool(content) == has_content


def test_no_content_follows_a_refused_head() -> None:
    """A client would take it for the answer to its next request."""
    answer = refused(TooManyRequests(retry_after_s=1), {"REQUEST_METHOD": "HEAD"}, close=False)

    assert answer.endswith(b"\r\n\r\n")
    assert b"\r\nRetry-After: 1\r\n" in answer


@pytest.mark.alone
@pytest.mark.databases
@pytest.mark.parametrize("separator", SEPARATORS)
def test_what_daphne_refuses_by_itself_gets_a_problem_document(web: Web, separator: bytes) -> None:
    with socket.create_connection(("127.0.0.1", web.port), timeout=20) as plain:
        plain.sendall(b"GET /livez HTTP/1.1\r\nHost: here\r\nX-Bad: a%sb\r\n" % separator)
        plain.sendall(b"Connection: close\r\n\r\n")
        answer = b"".join(iter(lambda: plain.recv(65536), b""))

    head, _, content = answer.lower().partition(b"\r\n\r\n")
    assert head.startswith(b"http/1.1 400")
    assert b"application/problem+json" in head
    assert b'"code":"invalid-request"' in content
