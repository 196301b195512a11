"""Tell Django about the app."""

from django.apps import AppConfig


class MediaConfig(AppConfig):
    """Audio of live rooms; it has no tables of its own."""

    name = "media"
    verbose_name = "Media"
