"""The other end of a room's socket, in the hands of a test."""

import json
from typing import Any

from playwright.sync_api import Page, WebSocketRoute


class Server:
    """The other end of the room's socket, in the hands of the test."""

    def __init__(self) -> None:
        self.sockets: list[WebSocketRoute] = []
        self.heard: list[dict[str, Any]] = []

    def accept(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        socket.on_message(lambda text: self.heard.append(json.loads(text)))

    def send(self, *frames: dict[str, Any]) -> None:
        for frame in frames:
            self.sockets[-1].send(json.dumps(frame))

    def said(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.heard if frame["type"] == kind]


def wait(page: Page, condition: Any, within_ms: int = 4_000) -> None:
    for _ in range(within_ms // 20):
        if condition():
            return
        page.wait_for_timeout(20)
    raise AssertionError("it did not happen")


def log_of(page: Page) -> list[list[Any]]:
    log: list[list[Any]] = page.evaluate("window.spaces.log")
    return log
