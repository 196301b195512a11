"""Proofs may ask for what tests may ask for."""

from tests.browsers import chromium, playwright
from tests.conftest import product

__all__ = ["chromium", "playwright", "product"]
