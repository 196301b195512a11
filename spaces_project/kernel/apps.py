"""The Django application of the kernel: the log's tables and the positions of projections."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Owns the event log's tables."""

    name = "spaces_project.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"
