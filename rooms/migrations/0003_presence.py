"""Who is connected where, by leases."""

from django.db import migrations

# A lease belongs to a process: what it costs does not grow with its connections. A client that
# only sends requests has a lease of its own, and stands under the process that is nobody's.
# Times are the database's, so that processes need not agree about theirs.
TABLES = """
CREATE TABLE rooms_presence_process (
    process_id uuid PRIMARY KEY,
    expires_at timestamptz NOT NULL
);
CREATE INDEX rooms_presence_process_expires ON rooms_presence_process (expires_at);
CREATE TABLE rooms_presence_connection (
    process_id uuid NOT NULL,
    connection_id uuid NOT NULL,
    room_id uuid NOT NULL,
    account_id uuid NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (process_id, connection_id)
);
CREATE INDEX rooms_presence_connection_whose ON rooms_presence_connection (room_id, account_id);
CREATE INDEX rooms_presence_connection_expires ON rooms_presence_connection (expires_at)
    WHERE expires_at IS NOT NULL;
CREATE TABLE rooms_presence_absence (
    room_id uuid NOT NULL,
    account_id uuid NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (room_id, account_id)
);
CREATE INDEX rooms_presence_absence_due ON rooms_presence_absence (due_at);
"""
NO_TABLES = """
DROP TABLE rooms_presence_absence, rooms_presence_connection, rooms_presence_process;
"""


class Migration(migrations.Migration):
    """Who is connected where, by leases."""

    dependencies = [("rooms", "0002_rules")]
    operations = [migrations.RunSQL(TABLES, NO_TABLES)]
