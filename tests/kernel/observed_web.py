"""``manage.py web`` with a window: a UNIX socket that tells what each transport holds.

Run as a module: ``python -m tests.kernel.observed_web PORT WINDOW [VARIANT ...]``.
"""

import gc
import json
import os
import socket
import sys
import threading

from django.core.management import execute_from_command_line

from tests.kernel import web_variants


def look() -> list[dict[str, object]]:
    """Return what is waiting in every transport, in bytes; read from another thread."""
    from rooms.hub import _hub  # noqa: PLC0415 - the settings come first

    found = []
    for hub in _hub:
        for room_id, channel in list(hub.channels.items()):
            for connection in list(channel.connections):
                transport = connection.transport
                found.append(
                    {
                        "room": str(room_id),
                        "account": str(connection.account_id),
                        "held": len(transport.dataBuffer) + transport._tempDataLen,
                        "blocked": connection.blocked_since is not None,
                    }
                )
    return found


def rooms_open() -> list[str]:
    """Return the rooms that the hub has open."""
    from rooms.hub import _hub  # noqa: PLC0415

    return [str(room_id) for hub in _hub for room_id in list(hub.channels)]


def answer(listener: socket.socket) -> None:
    """Tell everybody who comes, in one piece; collect garbage first, if asked with a word."""
    while True:
        visitor, _ = listener.accept()
        with visitor:
            if visitor.recv(16):
                gc.collect()
            seen = {"held": look(), "rooms": rooms_open(), "goodbyes": web_variants.goodbyes}
            visitor.sendall(json.dumps(seen).encode())


def main(port: str, window: str, *variants: str) -> None:
    """Open the window, then serve."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spaces_project.settings")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(window)
    listener.listen()
    threading.Thread(target=answer, args=(listener,), daemon=True).start()
    web_variants.choose(variants)
    execute_from_command_line(["manage.py", "web", "--port", port])


if __name__ == "__main__":
    main(*sys.argv[1:])
