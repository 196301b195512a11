"""Reactions, counted for each emoji and second."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Reactions, counted for each emoji and second."""

    dependencies = [("rooms", "0004_discovery")]
    operations = [
        migrations.CreateModel(
            name="ReactionRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "room_id",
                        "second",
                        "emoji",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("room_id", models.UUIDField()),
                ("second", models.DateTimeField()),
                ("emoji", models.CharField(max_length=8)),
                ("count", models.IntegerField()),
            ],
            options={"db_table": "rooms_reaction"},
        ),
    ]
