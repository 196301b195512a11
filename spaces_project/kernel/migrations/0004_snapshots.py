"""Snapshots of what long histories make."""

from django.db import migrations

# Disposable: whatever stands here can be made again from the log. Pages are left half empty, so that
# a newer snapshot takes the place of an older one without a new entry in the index.
TABLE = """
CREATE TABLE log_snapshots (
    subject uuid NOT NULL,
    kind text NOT NULL,
    at bigint NOT NULL,
    code bytea NOT NULL,
    state bytea NOT NULL,
    PRIMARY KEY (subject, kind)
) WITH (fillfactor = 50);
"""


class Migration(migrations.Migration):
    """Snapshots of what long histories make."""

    dependencies = [("kernel", "0003_dead_letters")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE log_snapshots;")]
