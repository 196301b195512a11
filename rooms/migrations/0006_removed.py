"""Who put somebody out of a room, and when.

Of whom a leader put out before, the time of coming in stands for the time of going out, and
nobody for the leader; the rest comes with a rebuild (``manage.py rebuild rooms_directory``).
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Who put somebody out of a room, and when."""

    dependencies = [("rooms", "0005_reactions")]
    operations = [
        migrations.AddField("participantrow", "removed_by", models.UUIDField(null=True)),
        migrations.AddField("participantrow", "removed_at", models.DateTimeField(null=True)),
        migrations.RunSQL(
            "UPDATE rooms_participant SET removed_at = COALESCE(joined_at, now()) WHERE removed",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="participantrow",
            index=models.Index(
                fields=["room_id", "-removed_at", "account_id"],
                condition=models.Q(("removed", True)),
                name="rooms_participant_removed",
            ),
        ),
    ]
