"""Whether the processes are ready: web and media say so by HTTP, followers by a file."""

import http.client
from pathlib import Path

ANSWER_WITHIN_S = 0.5


def answers(port: int, path: str = "/readyz", host: str = "127.0.0.1") -> bool:
    """Whether a server on this machine answers 200."""
    connection = http.client.HTTPConnection(host, port, timeout=ANSWER_WITHIN_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Signs:
    """Remembers what was ready, so that nobody is asked twice."""

    def __init__(self, web: int, media: int, followers: Path) -> None:
        self._ports = {"web": web, "media": media}
        self._followers = followers
        self._ready: set[str] = set()

    def missing(self) -> list[str]:
        """Name the processes that are not ready yet."""
        for name, port in self._ports.items():
            if name not in self._ready and answers(port):
                self._ready.add(name)
        if self._followers.exists():
            self._ready.add("followers")
        return [name for name in ("web", "followers", "media") if name not in self._ready]
