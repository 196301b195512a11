"""The process that serves REST, sockets and pages."""

import socket
from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import get_resolver
from django.utils.module_loading import import_string

from spaces_project.kernel.authentication import watch_credentials
from spaces_project.kernel.signals import exchange
from spaces_project.kernel.web.collection import settle
from spaces_project.kernel.web.stopping import stopping

BACKLOG = 4096


def shared_port(host: str, port: int) -> socket.socket:
    """Return a socket that listens where others may listen too: the kernel shares clients out."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    found.bind((host, port))
    found.listen(BACKLOG)
    found.setblocking(False)
    return found


class Command(BaseCommand):
    """``manage.py web --port N``."""

    help = "Serve REST, sockets and pages by daphne."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument(
            "--share-port",
            action="store_true",
            help="let other processes of this user listen there too (Linux, IPv4)",
        )

    def handle(self, **options: Any) -> None:
        """Serve until told to stop."""
        from daphne.endpoints import build_endpoint_description_strings  # noqa: PLC0415
        from daphne.server import reactor  # noqa: PLC0415 - installs it

        from spaces_project.kernel.web.pooled_request import use_pools  # noqa: PLC0415
        from spaces_project.kernel.web.server import (  # noqa: PLC0415
            BoundedServer,
            before_shutdown,
            use_bounded_protocols,
        )

        application = import_string(settings.ASGI_APPLICATION)  # after the reactor
        before_shutdown(stopping.set)
        watch_credentials()
        exchange()  # connects: what is said at first is heard
        use_bounded_protocols()
        use_pools(import_string(settings.HTTP_FRONT))
        _ = get_resolver().url_patterns  # imports every view, which else the first request does
        if options["share_port"]:
            shared = shared_port(options["host"], options["port"])
            endpoints = [f"fd:fileno={shared.detach()}"]  # Twisted copies it and closes ours
        else:
            found = build_endpoint_description_strings(host=options["host"], port=options["port"])
            endpoints = [f"{endpoint}:backlog={BACKLOG}" for endpoint in found]
        BoundedServer(
            application,
            endpoints=endpoints,
            http_timeout=60,
            ready_callable=partial(settle, reactor.callLater),
        ).run()
