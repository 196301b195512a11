"""The Django application of the key database."""

from django.apps import AppConfig


class KeysConfig(AppConfig):
    """Lives in the database ``keys``, apart from the data that the keys open."""

    name = "spaces_project.kernel.keys"
    label = "keys"
    default_auto_field = "django.db.models.BigAutoField"
