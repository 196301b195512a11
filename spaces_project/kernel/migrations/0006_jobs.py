"""Jobs are polled for, and found by their time."""

from django.db import migrations

# Nobody listens to a queue, and a NOTIFY in a transaction holds a lock of the whole cluster until
# its commit is on disk.
SILENT = "DROP TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 ON procrastinate_jobs;"
LOUD = """
CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1
    AFTER INSERT ON procrastinate_jobs
    FOR EACH ROW WHEN ((new.status = 'todo'::procrastinate_job_status))
    EXECUTE PROCEDURE procrastinate_notify_queue_job_inserted_v1();
"""

# Nearly all that wait are not due yet: without it each look would pass over all of them.
DUE = """
CREATE INDEX spaces_jobs_due ON procrastinate_jobs (scheduled_at)
    WHERE status = 'todo'::procrastinate_job_status;
CREATE INDEX spaces_jobs_failed ON procrastinate_jobs (id)
    WHERE status = 'failed'::procrastinate_job_status;
"""


class Migration(migrations.Migration):
    """Jobs are polled for, and found by their time."""

    dependencies = [
        ("kernel", "0005_webhooks"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [
        migrations.RunSQL(SILENT, LOUD),
        migrations.RunSQL(DUE, "DROP INDEX spaces_jobs_due; DROP INDEX spaces_jobs_failed;"),
    ]
