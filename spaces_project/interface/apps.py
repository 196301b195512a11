"""The documents for clients, as an app: for its templates and styles."""

from django.apps import AppConfig


class InterfaceConfig(AppConfig):
    """What clients are told."""

    name = "spaces_project.interface"
    label = "interface"
