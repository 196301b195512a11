"""The tray, the inbox and the search."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The tray, the inbox and the search."""

    dependencies = [("rooms", "0003_presence")]
    operations = [
        migrations.CreateModel(
            "Listing",
            [
                ("room_id", models.UUIDField(primary_key=True, serialize=False)),
                ("state", models.CharField(max_length=16)),
                ("place", models.BigIntegerField()),
                ("host_id", models.UUIDField()),
                ("creator_id", models.UUIDField()),
                ("title", models.CharField(max_length=70)),
                ("topic_ids", ArrayField(models.CharField(max_length=64), size=None)),
                ("words", SearchVectorField()),
                ("audience_policy", models.CharField(max_length=32)),
                ("started_at", models.DateTimeField(null=True)),
                ("followers_invited_at", models.DateTimeField(null=True)),
                ("followers_invited_by", models.UUIDField(null=True)),
            ],
            {
                "db_table": "rooms_listing",
                "indexes": [
                    models.Index(fields=["state", "-room_id"], name="rooms_listing_state"),
                    models.Index(fields=["host_id", "-room_id"], name="rooms_listing_host"),
                    models.Index(fields=["creator_id", "-room_id"], name="rooms_listing_creator"),
                    models.Index(fields=["-place"], name="rooms_listing_place"),
                    GinIndex(fields=["words"], name="rooms_listing_words", fastupdate=False),
                    GinIndex(fields=["topic_ids"], name="rooms_listing_topics", fastupdate=False),
                    models.Index(
                        fields=["followers_invited_by"],
                        condition=Q(("followers_invited_by__isnull", False)),
                        name="rooms_listing_invites",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "OnStage",
            [
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "room_id", "account_id", blank=True, editable=False, serialize=False
                    ),
                ),
                ("room_id", models.UUIDField()),
                ("account_id", models.UUIDField(db_index=True)),
                ("role", models.CharField(max_length=16)),
            ],
            {"db_table": "rooms_on_stage"},
        ),
        migrations.CreateModel(
            "Invitation",
            [
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "room_id", "account_id", "kind", blank=True, editable=False, serialize=False
                    ),
                ),
                ("room_id", models.UUIDField()),
                ("account_id", models.UUIDField(db_index=True)),
                ("kind", models.CharField(max_length=16)),
                ("invited_by", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
            ],
            {"db_table": "rooms_invitation"},
        ),
        migrations.CreateModel(
            "InboxRead",
            [
                ("account_id", models.UUIDField(primary_key=True, serialize=False)),
                ("read_until", models.DateTimeField()),
            ],
            {"db_table": "rooms_inbox_read"},
        ),
    ]
