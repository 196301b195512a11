"""Where webhooks go, how far they have come, and what was revoked."""

from django.db import migrations

REVOCATIONS = """
CREATE TABLE revocations (
    credential uuid PRIMARY KEY,
    until timestamptz NOT NULL,
    revoked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX revocations_news ON revocations (revoked_at);
"""

# What is sent stands nowhere but in the log: a line says how far an endpoint was told of a room.
WEBHOOKS = """
CREATE TABLE webhook_endpoints (
    id uuid PRIMARY KEY,
    owner_id uuid NOT NULL,
    hears_all boolean NOT NULL,
    until timestamptz,
    sealed_url bytea NOT NULL,
    sealed_secret bytea NOT NULL,
    sealed_former_secret bytea,
    former_secret_until timestamptz,
    types text[] NOT NULL,
    since bigint NOT NULL,
    created_at timestamptz NOT NULL,
    disabled_at timestamptz,
    disabled_because text NOT NULL DEFAULT '',
    is_failing boolean NOT NULL DEFAULT false
);
CREATE INDEX webhook_endpoints_owner ON webhook_endpoints (owner_id, id);
CREATE INDEX webhook_endpoints_all ON webhook_endpoints (id) WHERE hears_all;

CREATE TABLE webhook_spans (
    room_id uuid NOT NULL,
    from_seq bigint NOT NULL,
    owner_id uuid NOT NULL,
    PRIMARY KEY (room_id, from_seq)
);

CREATE TABLE webhook_lines (
    endpoint_id uuid NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    room_id uuid NOT NULL,
    told_seq bigint NOT NULL,
    wanted_seq bigint NOT NULL,
    attempts smallint NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    held_at timestamptz,
    PRIMARY KEY (endpoint_id, room_id)
);
CREATE INDEX webhook_lines_due ON webhook_lines (endpoint_id, next_attempt_at)
    WHERE told_seq < wanted_seq AND held_at IS NULL;
CREATE INDEX webhook_lines_held ON webhook_lines (endpoint_id) WHERE held_at IS NOT NULL;

CREATE TABLE webhook_deliveries (
    id uuid PRIMARY KEY,
    endpoint_id uuid NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    webhook_id text NOT NULL,
    type text NOT NULL,
    room_id uuid,
    room_seq bigint,
    attempt smallint NOT NULL,
    at timestamptz NOT NULL,
    duration_ms integer NOT NULL,
    status smallint,
    outcome text NOT NULL,
    sealed_said bytea NOT NULL
);
CREATE INDEX webhook_deliveries_endpoint ON webhook_deliveries (endpoint_id, id);
CREATE INDEX webhook_deliveries_at ON webhook_deliveries (at);
"""


class Migration(migrations.Migration):
    """Where webhooks go, how far they have come, and what was revoked."""

    dependencies = [("kernel", "0004_snapshots")]
    operations = [
        migrations.RunSQL(REVOCATIONS, "DROP TABLE revocations;"),
        migrations.RunSQL(
            WEBHOOKS,
            "DROP TABLE webhook_deliveries, webhook_lines, webhook_spans, webhook_endpoints;",
        ),
    ]
