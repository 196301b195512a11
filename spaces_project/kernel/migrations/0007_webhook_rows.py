"""What the models of webhooks read; migration 0005 made their tables."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Know two tables as models, and change nothing in the database."""

    dependencies = [
        ("kernel", "0006_jobs"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeliveryRow",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("endpoint_id", models.UUIDField()),
                ("webhook_id", models.TextField()),
                ("type", models.TextField()),
                ("room_id", models.UUIDField(null=True)),
                ("room_seq", models.BigIntegerField(null=True)),
                ("attempt", models.SmallIntegerField()),
                ("at", models.DateTimeField()),
                ("duration_ms", models.IntegerField()),
                ("status", models.SmallIntegerField(null=True)),
                ("outcome", models.TextField()),
                ("sealed_said", models.BinaryField()),
            ],
            options={
                "db_table": "webhook_deliveries",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="EndpointRow",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("owner_id", models.UUIDField()),
                ("hears_all", models.BooleanField()),
                ("until", models.DateTimeField(null=True)),
                ("sealed_url", models.BinaryField()),
                ("sealed_secret", models.BinaryField()),
                ("sealed_former_secret", models.BinaryField(null=True)),
                ("former_secret_until", models.DateTimeField(null=True)),
                (
                    "types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                ("since", models.BigIntegerField()),
                ("created_at", models.DateTimeField()),
                ("disabled_at", models.DateTimeField(null=True)),
                ("disabled_because", models.TextField(default="")),
                ("is_failing", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "webhook_endpoints",
                "managed": False,
            },
        ),
    ]
