"""Events that a follower could not apply."""

from django.db import migrations


class Migration(migrations.Migration):
    """Events that a follower could not apply."""

    dependencies = [("kernel", "0002_append_groups")]
    operations: list[migrations.RunSQL] = []
