"""The documents for clients, as an app: for its templates and styles."""

from django.apps import AppConfig

from spaces_project.kernel.documents import PARTLY_MADE


class InterfaceConfig(AppConfig):
    """What clients are told."""

    name = "spaces_project.interface"
    label = "interface"

    def ready(self) -> None:
        """Say which page has tables of ours."""
        PARTLY_MADE["protocol.md"] = _protocol_page


def _protocol_page(text: str) -> str:
    from spaces_project.interface.protocol_page import made  # noqa: PLC0415 - not at every start

    return made(text)
