"""The Django application of rooms."""

from django.apps import AppConfig


class RoomsConfig(AppConfig):
    """Live rooms, their stage, their listeners, their page."""

    name = "rooms"
    default_auto_field = "django.db.models.BigAutoField"
