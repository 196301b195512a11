"""How a light peer comes to a server: WHIP and WHEP, or the HTTP interface of Janus."""

import http.client
import json
import secrets
import time
from typing import Any, Final
from urllib.parse import urlsplit

from bench.light_peers.description import Remote, read_remote
from bench.light_peers.peer import LightPeer

TIMEOUT_S: Final = 15.0
DESCRIBES_WITHIN_S: Final = 20.0


def offer(url: str, token: str, peer: LightPeer, *, direction: str) -> Remote:
    """Offer a session by WHIP ("sendonly", "sendrecv") or WHEP ("recvonly"); return the answer.

    :raises ValueError: if the server refuses.
    """
    description = peer.local.write(direction=direction, setup="actpass")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
    status, text = _request("POST", url, description.encode(), headers)
    if status != http.HTTPStatus.CREATED:
        raise ValueError(f"{status}: {text[:200]}")
    return read_remote(text)


def watch_mountpoint(url: str, mountpoint: int, peer: LightPeer) -> Remote:
    """Watch a mountpoint of Janus' Streaming plugin, which makes the offer.

    :param url: of the HTTP interface, ``http://127.0.0.1:8088/janus``.
    """
    handle = _JanusHandle(url, "janus.plugin.streaming")
    handle.tell({"request": "watch", "id": mountpoint})
    remote = read_remote(handle.description())
    answer = peer.local.write(
        direction="recvonly", setup="active", mid=remote.mid, payload_type=remote.payload_type
    )
    handle.tell({"request": "start"}, {"type": "answer", "sdp": answer})
    return remote


def join_bridge(url: str, room: int, peer: LightPeer, *, muted: bool) -> Remote:
    """Take part in a room of Janus' AudioBridge plugin, which answers our offer."""
    handle = _JanusHandle(url, "janus.plugin.audiobridge")
    handle.tell({"request": "join", "room": room, "muted": muted})
    description = peer.local.write(direction="sendrecv", setup="active")
    handle.tell({"request": "configure", "muted": muted}, {"type": "offer", "sdp": description})
    return read_remote(handle.description())


class _JanusHandle:
    """One session with Janus, attached to one plugin."""

    def __init__(self, url: str, plugin: str) -> None:
        self._session = f"{url}/{self._post(url, {'janus': 'create'})['data']['id']}"
        attached = self._post(self._session, {"janus": "attach", "plugin": plugin})
        self._handle = f"{self._session}/{attached['data']['id']}"

    def tell(self, body: dict[str, Any], jsep: dict[str, str] | None = None) -> None:
        """Send the plugin a message; what it says to that comes as an event."""
        described = {"jsep": jsep} if jsep else {}
        self._post(self._handle, {"janus": "message", "body": body, **described})

    def description(self) -> str:
        """Return the next description that the plugin sends.

        :raises ValueError: if it refuses or says nothing.
        """
        end = time.monotonic() + DESCRIBES_WITHIN_S
        while time.monotonic() < end:
            _, text = _request("GET", self._session, b"", {})
            event = json.loads(text)
            if "jsep" in event:
                sdp: str = event["jsep"]["sdp"]
                return sdp
            if "error" in (said := event.get("plugindata", {}).get("data", {})):
                raise ValueError(f"Janus refuses: {said['error']}")
        raise ValueError("Janus describes nothing")

    def _post(self, url: str, request: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps({**request, "transaction": secrets.token_hex(6)}).encode()
        _, text = _request("POST", url, body, {"Content-Type": "application/json"})
        reply: dict[str, Any] = json.loads(text)
        if reply["janus"] == "error":
            raise ValueError(f"Janus refuses: {reply['error']['reason']}")
        return reply


def _request(method: str, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT_S)
    try:
        connection.request(method, parts.path, body or None, headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()
