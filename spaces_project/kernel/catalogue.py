"""What the installed apps declare: every event that they store, every refusal that they give."""

from functools import cache
from importlib import import_module
from pkgutil import walk_packages

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from spaces_project.kernel.entity import DomainEvent, event_classes
from spaces_project.kernel.refusals import Refusal, every_refusal

EDGES = ("spaces_project.kernel.web.media_forwarding",)  # where the kernel itself refuses


@cache
def load_domains() -> None:
    """Import the domain of every installed app; until then its classes are not known."""
    for app in apps.get_app_configs():
        if app.module is not None and module_has_submodule(app.module, "domain"):
            domain = import_module(f"{app.name}.domain")
            for module in walk_packages(domain.__path__, f"{app.name}.domain."):
                import_module(module.name)
    for edge in EDGES:
        import_module(edge)


def stored_events() -> dict[str, type[DomainEvent]]:
    """Return every event of an installed app by its topic, in the order of topics."""
    load_domains()
    known = sorted(event_classes().items())
    return {topic: event_type for topic, event_type in known if _is_installed(event_type)}


def known_refusals() -> list[type[Refusal]]:
    """Return every refusal of an installed app, in the order of codes."""
    load_domains()
    known = sorted(every_refusal(), key=lambda refusal: refusal.code)
    return [refusal for refusal in known if _is_installed(refusal)]


def _is_installed(declared: type) -> bool:
    return any(declared.__module__.startswith(f"{app.name}.") for app in apps.get_app_configs())
