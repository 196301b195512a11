"""Snapshots of entities with long histories."""

from django.db import migrations


class Migration(migrations.Migration):
    """Snapshots of entities with long histories."""

    dependencies = [("kernel", "0003_dead_letters")]
    operations: list[migrations.RunSQL] = []
