"""Proofs may ask for what tests may ask for, and tell on stderr how far they are."""

from collections.abc import Iterator

import pytest

from tests.browsers import chromium, playwright
from tests.conftest import product
from tests.full_size import heart_beat

__all__ = ["chromium", "playwright", "product"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Let a proof's heart beat, also while it prepares."""
    with heart_beat(item.name):
        return (yield)
