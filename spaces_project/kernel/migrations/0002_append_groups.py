"""Appends in groups, without a lock on the log."""

from django.db import migrations


class Migration(migrations.Migration):
    """Appends in groups, without a lock on the log."""

    dependencies = [("kernel", "0001_log")]
    operations: list[migrations.RunSQL] = []
