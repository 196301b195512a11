"""The table of data keys."""

from django.db import migrations


class Migration(migrations.Migration):
    """One row per data key, wrapped by the master key, which is in no database."""

    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE data_keys (
                key_id uuid PRIMARY KEY,
                wrapped bytea NOT NULL,
                created_at timestamptz NOT NULL DEFAULT now()
            );
            """,
            "DROP TABLE data_keys;",
        )
    ]
