"""Events that a follower could not apply, and policies that never react to history."""

from django.db import migrations

# One row for each room, or stream outside of rooms, that a follower has stopped in: where it
# stopped. What came later in there is read from the log again when the letter is retried.
DEAD_LETTERS = """
CREATE TABLE log_dead_letters (
    follower text NOT NULL,
    key uuid NOT NULL,
    in_room boolean NOT NULL,
    position bigint NOT NULL,
    topic text NOT NULL,
    error text NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (follower, key)
);
"""

# Whoever sets a policy back makes it act again on what it has answered long ago. It takes a word
# that no mistake says.
ONLY_ONWARDS = """
ALTER TABLE log_positions ADD COLUMN reacts boolean NOT NULL DEFAULT false;
CREATE FUNCTION log_keep_policy_from_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('spaces.react_again', true) IS DISTINCT FROM OLD.name
        AND (TG_OP = 'DELETE' OR NEW.name <> OLD.name OR NOT NEW.reacts
            OR NEW.position < OLD.position)
    THEN
        RAISE EXCEPTION 'the policy % has been past here and would react again', OLD.name
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER log_policies_only_onwards BEFORE UPDATE OR DELETE ON log_positions
    FOR EACH ROW WHEN (OLD.reacts) EXECUTE FUNCTION log_keep_policy_from_history();
"""
ANY_WAY = """
DROP TRIGGER log_policies_only_onwards ON log_positions;
DROP FUNCTION log_keep_policy_from_history;
ALTER TABLE log_positions DROP COLUMN reacts;
"""


class Migration(migrations.Migration):
    """Events that a follower could not apply, and policies that never react to history."""

    dependencies = [("kernel", "0002_append_groups")]
    operations = [
        migrations.RunSQL(DEAD_LETTERS, "DROP TABLE log_dead_letters;"),
        migrations.RunSQL(ONLY_ONWARDS, ANY_WAY),
    ]
