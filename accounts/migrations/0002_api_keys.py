"""Keys with which servers ask."""

from typing import Any

from django.db import migrations


class Migration(migrations.Migration):
    """Keys with which servers ask."""

    dependencies = [("accounts", "0001_people")]
    operations: list[Any] = []
