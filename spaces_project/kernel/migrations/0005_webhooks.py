"""Where webhooks go, and what was delivered."""

from typing import Any

from django.db import migrations


class Migration(migrations.Migration):
    """Where webhooks go, and what was delivered."""

    dependencies = [("kernel", "0004_snapshots")]
    operations: list[Any] = []
