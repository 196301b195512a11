"""What every test about people may ask for."""

import pytest
from pytest_django import Settings

from accounts import credentials


@pytest.fixture(autouse=True)
def cheap_passwords(settings: Settings) -> None:
    """Hash quickly: how slow argon2 is, is not what these tests are about."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ROOT_URLCONF = "tests.accounts.urls"
    credentials._hash_of_nothing.cache_clear()
