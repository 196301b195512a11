"""A destroyed key leaves its id behind, so that it is told from one that never was."""

from django.db import migrations


class Migration(migrations.Migration):
    """The id stays, the key goes."""

    dependencies = [("keys", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE data_keys
                ALTER COLUMN wrapped DROP NOT NULL,
                ADD COLUMN destroyed_at timestamptz,
                ADD CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL));
            """,
            migrations.RunSQL.noop,
        )
    ]
