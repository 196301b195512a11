"""The pages without a backend: shells and static files over HTTP, the rest played by the test."""

import contextlib
import mimetypes
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from django.http import Http404
from django.test import RequestFactory
from django.urls import resolve

STATIC = Path(__file__).parents[2] / "rooms" / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
BLANK = b"<!doctype html><html lang=en><title>Blank</title><ul id=stage></ul>"


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/static/"):
            self._send_file(STATIC / path.removeprefix("/static/"))
        elif path == "/blank":
            self._send(200, {"Content-Type": "text/html"}, BLANK)
        else:
            self._send_page(path)

    def _send_file(self, file: Path) -> None:
        if not file.is_file():
            self._send(404, {}, b"")
            return
        kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "text/plain"
        self._send(200, {"Content-Type": kind}, file.read_bytes())

    def _send_page(self, path: str) -> None:
        said = {"host": self.headers["Host"], "accept": self.headers["Accept"] or ""}
        request = RequestFactory().get(path, headers=said)
        try:
            match = resolve(path, "rooms.pages.urls")
            response = match.func(request, *match.args, **match.kwargs)
        except Http404:
            self._send(404, {}, b"")
            return
        self._send(response.status_code, dict(response.items()), response.content)

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """Serve the pages; gives their base address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
