"""What media's tests share."""

import aioice.ice
import pytest

from tests.media.fakes import FakeStageFeed


@pytest.fixture(autouse=True)
def _loopback_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let aiortc's clients offer 127.0.0.1, which aioice leaves out."""
    monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda *_, **__: ["127.0.0.1"])


@pytest.fixture
def feed() -> FakeStageFeed:
    return FakeStageFeed()
