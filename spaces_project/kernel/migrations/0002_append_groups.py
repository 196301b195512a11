"""Appends in groups, without a lock on the log."""

from importlib import import_module

from django.db import migrations

DROP_LOCKED = "DROP FUNCTION log_append;"
LOCKED = import_module("spaces_project.kernel.migrations.0001_log").APPEND

# One call stores many groups: each whole or not at all, all in one transaction. What it answers is
# two arrays, a place for each answer: position and seq of the answer's last event; NULL as position
# where the answer's group is not stored, because a receipt of one of its commands is there already,
# a version is taken, a stream that was read has gone on, or the room is closed.
#
# rooms are distinct and in order; group_rooms are places in it, 0 for none. Groups, events and
# answers are in the order in which they came; answer_events are places of events, 0 for none.
#
# Nobody else is kept waiting but writers in the same rooms, and two calls cannot wait for each other:
# rows are taken class by class (rooms, receipts, events) and inside each in the order of their keys.
# What others store at the same moment is seen by the unique indexes; then the whole call fails.
#
# A position is drawn only while the lock on log_events is held, and the lock is held to the end:
# a reader who meets a hole asks pg_locks who may still fill it. The sequence must not draw ahead
# (CACHE 1), and log_events may be read by position only on the primary server.
APPEND = """
CREATE FUNCTION log_append(
    streams uuid[], versions bigint[], topics text[], states bytea[], event_groups int[],
    rooms uuid[], group_rooms int[], groups_need_open boolean[], groups_close boolean[],
    commands uuid[], fingerprints bytea[], answer_streams uuid[], answer_versions bigint[],
    answer_groups int[], answer_events int[],
    read_streams uuid[], read_versions bigint[], read_groups int[],
    OUT answer_positions bigint[], OUT answer_seqs bigint[]
) LANGUAGE plpgsql AS $$
DECLARE
    last_seqs bigint[];
    are_open boolean[];
    failed int[];
    positions bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(streams)]);
    seqs bigint[] := positions;
    in_group int;
    in_room int;
    newest bigint;
BEGIN
    answer_positions := array_fill(NULL::bigint, ARRAY[cardinality(commands)]);
    answer_seqs := answer_positions;
    IF cardinality(rooms) > 0 THEN
        LOOP
            SELECT array_agg(l.last_seq), array_agg(l.is_open) INTO last_seqs, are_open FROM (
                SELECT last_seq, is_open FROM log_rooms
                WHERE room_id = ANY (rooms) AND cardinality(rooms) = (
                    SELECT count(*) FROM log_rooms k WHERE k.room_id = ANY (rooms))
                ORDER BY room_id FOR UPDATE
            ) l;
            EXIT WHEN cardinality(last_seqs) = cardinality(rooms);
            -- None is held yet: whoever waits for a new row with an old one in hand is in the way.
            INSERT INTO log_rooms (room_id, last_seq)
                SELECT r, 0 FROM unnest(rooms) AS r ORDER BY r ON CONFLICT DO NOTHING;
        END LOOP;
    END IF;

    -- Looked for with the rooms in hand: who had them before is seen.
    failed := ARRAY(
        SELECT a.g FROM unnest(commands, answer_groups) AS a (command, g)
            JOIN log_receipts r ON r.command_id = a.command
        UNION ALL
        SELECT u.g FROM unnest(streams, versions, event_groups) AS u (stream, version, g)
            JOIN log_events e ON e.originator_id = u.stream AND e.originator_version = u.version
    );
    IF cardinality(read_streams) > 0 THEN
        failed := failed || ARRAY(
            SELECT u.g FROM unnest(read_streams, read_versions, read_groups) AS u (stream, version, g)
            JOIN log_events e ON e.originator_id = u.stream AND e.originator_version = u.version + 1
        );
    END IF;
    FOR g IN 1 .. cardinality(group_rooms) LOOP
        in_room := group_rooms[g];
        IF in_room > 0 AND NOT g = ANY (failed) THEN
            IF groups_need_open[g] AND NOT are_open[in_room] THEN
                failed := failed || g;
            ELSIF groups_close[g] THEN
                are_open[in_room] := false;
            END IF;
        END IF;
    END LOOP;

    LOCK TABLE log_events IN ROW EXCLUSIVE MODE;
    FOR i IN 1 .. cardinality(event_groups) LOOP
        in_group := event_groups[i];
        IF NOT in_group = ANY (failed) THEN
            positions[i] := nextval('log_events_notification_id_seq');
            in_room := group_rooms[in_group];
            IF in_room > 0 THEN
                last_seqs[in_room] := last_seqs[in_room] + 1;
                seqs[i] := last_seqs[in_room];
            END IF;
        END IF;
    END LOOP;
    FOR i IN 1 .. cardinality(commands) LOOP
        in_group := answer_groups[i];
        IF in_group = ANY (failed) THEN
            CONTINUE;
        ELSIF answer_events[i] > 0 THEN
            answer_positions[i] := positions[answer_events[i]];
            answer_seqs[i] := seqs[answer_events[i]];
        ELSE -- a command that changed nothing has a receipt all the same
            IF newest IS NULL THEN
                SELECT coalesce(max(e.notification_id), 0) INTO newest FROM log_events e;
            END IF;
            answer_positions[i] := newest;
            in_room := group_rooms[in_group];
            IF in_room > 0 THEN
                answer_seqs[i] := last_seqs[in_room];
            END IF;
        END IF;
    END LOOP;

    IF cardinality(rooms) > 0 THEN
        UPDATE log_rooms AS l SET last_seq = u.last_seq, is_open = u.is_open
            FROM unnest(rooms, last_seqs, are_open) AS u (room, last_seq, is_open)
            WHERE l.room_id = u.room AND (l.last_seq, l.is_open) <> (u.last_seq, u.is_open);
    END IF;
    INSERT INTO log_receipts (command_id, fingerprint, stream, version, position, seq)
        SELECT a.command, a.fingerprint, a.stream, a.version, a.position, a.seq
        FROM unnest(commands, fingerprints, answer_streams, answer_versions,
            answer_positions, answer_seqs)
            AS a (command, fingerprint, stream, version, position, seq)
        WHERE a.position IS NOT NULL ORDER BY a.command;
    INSERT INTO log_events
        (originator_id, originator_version, topic, state, notification_id, room_id, seq)
        SELECT u.stream, u.version, u.topic, u.state, u.position, rooms[group_rooms[u.g]], u.seq
        FROM unnest(streams, versions, topics, states, event_groups, positions, seqs)
            AS u (stream, version, topic, state, g, position, seq)
        WHERE u.position IS NOT NULL ORDER BY u.stream, u.version;
END $$;
"""


class Migration(migrations.Migration):
    """Appends in groups, without a lock on the log."""

    dependencies = [("kernel", "0001_log")]
    operations = [
        migrations.RunSQL(DROP_LOCKED, LOCKED),
        migrations.RunSQL(APPEND, "DROP FUNCTION log_append;"),
    ]
