"""Who is connected where, by leases."""

from typing import Any

from django.db import migrations


class Migration(migrations.Migration):
    """Who is connected where, by leases."""

    dependencies = [("rooms", "0002_rules")]
    operations: list[Any] = []
