"""The process that serves REST, sockets and pages."""

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


class Command(BaseCommand):
    """``manage.py web --port N``."""

    help = "Serve REST, sockets and pages by daphne."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")

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
        endpoints = build_endpoint_description_strings(host=options["host"], port=options["port"])
        BoundedServer(
            application,
            endpoints=[f"{endpoint}:backlog={BACKLOG}" for endpoint in endpoints],
            http_timeout=60,
            ready_callable=partial(settle, reactor.callLater),
        ).run()
