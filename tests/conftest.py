"""What every level of tests may ask for."""

from collections.abc import Iterator

import pytest
from rest_framework.test import APIClient

from tests.answers import watched
from tests.browsers import chromium, playwright
from tests.product import Product, running

__all__ = ["chromium", "playwright"]

# Whatever any test asks over REST, the answer has to be what clients are told of it.
APIClient.generic = watched(APIClient.generic)  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The whole product with its demo, once for all tests that leave it as they found it."""
    with running(tmp_path_factory.mktemp("product") / "home") as started:
        yield started
