"""Bodies: refused before they are kept, by their length or as soon as they are too long."""

import concurrent.futures
import contextlib
import json
import socket

import pytest

from spaces_project.kernel.web.server import LARGEST_BODY
from tests.kernel.processes import Person, Web

pytestmark = pytest.mark.databases

MIB = 1024 * 1024
OFFERED_MIB = 50
OFFERS = 20
GROWTH_KIB = 12 * 1024
PIECE = b"x" * 65536


def room_of(size: int) -> bytes:
    """Return a wish for a room of so many bytes, with a title that does not fit."""
    frame = json.dumps({"title": ""}).encode()
    return json.dumps({"title": "x" * (size - len(frame))}).encode()


def offer(web: Web, person: Person, size: int, *, chunked: bool) -> tuple[int, int]:
    """Send a body as far as the server takes it; return the status and what it took."""
    how = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {size}"
    head = (
        f"POST /api/v1/rooms HTTP/1.1\r\nHost: here\r\n{how}\r\n"
        f"Content-Type: application/json\r\nAuthorization: Bearer {person.token}\r\n\r\n"
    )
    sent = 0
    with socket.create_connection(("127.0.0.1", web.port), timeout=20) as plain:
        plain.sendall(head.encode())
        with contextlib.suppress(OSError):
            while sent < size:
                piece = PIECE[: size - sent]
                plain.sendall(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
                sent += len(piece)
            plain.sendall(b"0\r\n\r\n" if chunked else b"")
        answer = b""
        with contextlib.suppress(OSError):
            while piece := plain.recv(65536):
                answer += piece
                if b"}" in answer:
                    break
    return int(answer.split(b" ", 2)[1]) if answer else 0, sent


def test_a_body_at_the_limit_is_read_and_one_byte_more_is_not(web: Web, ana: Person) -> None:
    fits = web.ask("POST", "/api/v1/rooms", room_of(LARGEST_BODY), ana)
    over = web.ask("POST", "/api/v1/rooms", room_of(LARGEST_BODY + 1), ana)

    assert (fits.status, fits.json["code"]) == (400, "bad-text")
    assert (over.status, over.json["code"]) == (413, "body-too-large")
    assert over.json["limit_bytes"] == LARGEST_BODY
    assert over.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("chunked", [True, False])
def test_the_limit_is_the_same_in_pieces(web: Web, ana: Person, chunked: bool) -> None:
    assert offer(web, ana, LARGEST_BODY, chunked=chunked)[0] == 400
    assert offer(web, ana, LARGEST_BODY + 1, chunked=chunked)[0] == 413


@pytest.mark.parametrize("chunked", [True, False])
def test_offering_a_gigabyte_costs_no_memory(web: Web, ana: Person, chunked: bool) -> None:
    offer(web, ana, MIB, chunked=chunked)
    before = web.memory_kib()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        asked = [
            pool.submit(offer, web, ana, OFFERED_MIB * MIB, chunked=chunked) for _ in range(OFFERS)
        ]
        answers = [each.result() for each in asked]
    after = web.memory_kib()

    taken = sum(sent for _, sent in answers) / MIB
    print(
        f"{OFFERS} x {OFFERED_MIB} MiB offered, {taken:.0f} MiB left the client,"
        f" memory {before} -> {after} KiB"
    )
    assert {status for status, _ in answers} <= {413, 0}
    assert [status for status, _ in answers].count(413) >= OFFERS // 2
    assert after - before < GROWTH_KIB
    assert web.ask("GET", "/livez").status == 200


def test_a_header_cannot_move_the_root(web: Web) -> None:
    for name in ("Daphne-Root-Path", "daphne-root-path", "DAPHNE-ROOT-PATH"):
        answer = web.ask("GET", "/api/v1/rooms", headers={name: "/elsewhere"})
        assert answer.status == 401
        page = web.ask("GET", "/problems/not-found", headers={name: "/elsewhere"})
        assert page.status == 200
        assert b"elsewhere" not in page.body


def test_the_process_does_not_say_what_it_is_made_of(web: Web) -> None:
    for path in ("/livez", "/nothing", "/api/v1/rooms"):
        headers = {name.lower() for name in web.ask("GET", path).headers}

        assert "server" not in headers
        assert "x-powered-by" not in headers
