"""What the whole set of rules shows of a room."""

from typing import Any

from django.db import migrations


class Migration(migrations.Migration):
    """What the whole set of rules shows of a room."""

    dependencies = [("rooms", "0001_initial")]
    operations: list[Any] = []
