"""What the whole set of rules shows of a room.

Rows that are there already know their creator, who hosts them; the rest comes with a rebuild
(``manage.py rebuild rooms_directory``).
"""

import django.contrib.postgres.fields
from django.db import migrations, models

ROOM_FIELDS = {
    "creator_id": models.UUIDField(null=True),
    "cohost_ids": django.contrib.postgres.fields.ArrayField(
        base_field=models.UUIDField(), default=list, size=None
    ),
    "pins": models.JSONField(default=list),
    "followers_invited": models.BooleanField(default=False),
    "ending_at": models.DateTimeField(null=True),
}
PARTICIPANT_FIELDS = {
    "invited": models.BooleanField(default=False),
    "guest": models.BooleanField(default=False),
    "speak_invited_by": models.UUIDField(null=True),
    "speak_invited_until": models.DateTimeField(null=True),
    "may_ask_from": models.DateTimeField(null=True),
}


class Migration(migrations.Migration):
    """What the whole set of rules shows of a room."""

    dependencies = [("rooms", "0001_initial")]
    operations = [
        *[
            migrations.AddField(model_name="roomrow", name=name, field=field)
            for name, field in ROOM_FIELDS.items()
        ],
        *[
            migrations.AddField(model_name="participantrow", name=name, field=field)
            for name, field in PARTICIPANT_FIELDS.items()
        ],
        migrations.RunSQL("UPDATE rooms_room SET creator_id = host_id", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="participantrow",
            index=models.Index(
                fields=["room_id", "account_id"],
                condition=models.Q(("invited", True)),
                name="rooms_participant_invited",
            ),
        ),
        migrations.AddIndex(
            model_name="participantrow",
            index=models.Index(
                fields=["room_id", "speak_invited_until"],
                condition=models.Q(("speak_invited_until__isnull", False)),
                name="rooms_participant_asked",
            ),
        ),
    ]
