"""Accounts that only those see whom they let."""

from typing import Any

from django.db import migrations


class Migration(migrations.Migration):
    """Accounts that only those see whom they let."""

    dependencies = [("accounts", "0002_api_keys")]
    operations: list[Any] = []
