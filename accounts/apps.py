"""The Django application of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, follows and blocks."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
