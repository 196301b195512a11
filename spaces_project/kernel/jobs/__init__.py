"""What is to be done at a time: rows in PostgreSQL, kept and handed out by procrastinate."""

from spaces_project.kernel.jobs.waiting import cancel, schedule

__all__ = ["cancel", "schedule"]
