"""A way to PostgreSQL that can lose a reply: the commit is done, the answer never comes."""

import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

PIECE: Final = 65536


class PostgresProxy:
    """Listens on a UNIX socket as PostgreSQL does and passes everything on.

    After ``lose_reply_to(mark)``, the answer to the next message that holds the mark is read from
    the server, thrown away, and the connection cut.
    """

    def __init__(self, folder: Path, upstream: Path) -> None:
        self.folder = folder
        self.cuts = 0
        self._upstream = upstream
        self._mark = b""
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / upstream.name))
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def lose_reply_to(self, mark: bytes) -> None:
        """Lose the reply to the next message that holds the mark."""
        self._mark = mark

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._upstream))
                condemned = threading.Event()
                for pump in (self._ask, self._answer):
                    threading.Thread(
                        target=pump, args=(client, server, condemned), daemon=True
                    ).start()

    def _ask(
        self, client: socket.socket, server: socket.socket, condemned: threading.Event
    ) -> None:
        with suppress(OSError):
            while piece := client.recv(PIECE):
                if self._mark and self._mark in piece:
                    self._mark = b""
                    condemned.set()
                server.sendall(piece)
            server.shutdown(socket.SHUT_WR)

    def _answer(
        self, client: socket.socket, server: socket.socket, condemned: threading.Event
    ) -> None:
        with suppress(OSError):
            while piece := server.recv(PIECE):
                if condemned.is_set():
                    self.cuts += 1
                    break
                client.sendall(piece)
        for end in (client, server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
