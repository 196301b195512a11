"""Reactions, counted for each emoji and second."""

from typing import Any

from django.db import migrations


class Migration(migrations.Migration):
    """Reactions, counted for each emoji and second."""

    dependencies = [("rooms", "0004_discovery")]
    operations: list[Any] = []
