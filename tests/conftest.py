"""What every level of tests may ask for."""

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient
from whitenoise.middleware import WhiteNoiseMiddleware

from tests.answers import watched
from tests.browsers import chromium, playwright
from tests.product import Product, running

__all__ = ["chromium", "playwright"]

# Whatever any test asks over REST, the answer has to be what clients are told of it.
APIClient.generic = watched(APIClient.generic)  # type: ignore[method-assign]

# Every client of a test looks at all static files as it begins; no test changes them.
look_for_files = WhiteNoiseMiddleware.add_files_from_finders
found: dict[str, Any] = {}


def take_what_was_found(middleware: Any) -> None:
    """Look for static files once in a session."""
    if not found:
        look_for_files(middleware)
        found.update(middleware.files)
    middleware.files.update(found)


WhiteNoiseMiddleware.add_files_from_finders = take_what_was_found


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The whole product with its demo, once for all tests that leave it as they found it."""
    with running(tmp_path_factory.mktemp("product") / "home") as started:
        yield started
