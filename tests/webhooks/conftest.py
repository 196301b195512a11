"""What tests of webhooks share: a receiver that really listens, and a sender that really sends."""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from pytest_django import Settings

from spaces_project.kernel import authentication
from spaces_project.kernel.following.leases import Leases
from spaces_project.kernel.webhooks.sender import LEASE, Sender
from spaces_project.kernel.webhooks.sources import told
from spaces_project.presets import PRESETS
from tests.webhooks.receivers import Receiver


@pytest.fixture(autouse=True)
def loopback_is_allowed(settings: Settings) -> None:
    """Receivers listen on this machine; pauses are short."""
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    settings.WEBHOOK_RETRIES_S = [0.05] * 3
    settings.WEBHOOK_TIMEOUT_S = 5.0
    settings.PRESET = PRESETS["classic"]
    authentication._known.clear()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as started:
        yield started


@pytest.fixture
def sender(databases: object) -> Iterator[Sender]:
    """A sender that leads, as in the process ``followers``."""
    del databases
    running = Sender(told())
    leases = Leases([LEASE], lambda held: running.lead(LEASE in held))
    running.start()
    leases.start()
    yield running
    running.stop()
    running.join(10)
    leases.stop()
    leases.join(10)
