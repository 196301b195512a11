"""The tray, the inbox and the search."""

from typing import Any

from django.db import migrations


class Migration(migrations.Migration):
    """The tray, the inbox and the search."""

    dependencies = [("rooms", "0003_presence")]
    operations: list[Any] = []
