"""Stored names outlive code: each has one class, one form and a sentence."""

import importlib
import pkgutil
import re

from django.core.management import get_commands

from spaces_project.kernel.entity import DomainEvent, event_classes
from spaces_project.launcher.environment import PROJECT

APPS = ("accounts", "rooms", "media", "scheduling", "ticketing", "moderation")
TOPIC = re.compile(r"^[a-z]+\.[A-Z][A-Za-z]+$")
STARTED_BY_THE_LAUNCHER = {
    "migrate_all", "seed_demo", "web", "media", "followers", "demo_speaker",
    "follow_log", "follower_lag",
}  # fmt: skip


def catalogue() -> dict[str, type[DomainEvent]]:
    """Every event that an app of ours may store."""
    for app in APPS:
        if not (PROJECT / app / "domain").is_dir():
            continue
        domain = importlib.import_module(f"{app}.domain")
        for module in pkgutil.walk_packages(domain.__path__, f"{app}.domain."):
            importlib.import_module(module.name)
    return {
        topic: each
        for topic, each in event_classes().items()
        if each.__module__.partition(".")[0] in APPS
    }


def test_every_stored_name_is_an_app_and_an_event() -> None:
    wrong = {
        topic: each.__qualname__
        for topic, each in catalogue().items()
        if not TOPIC.match(topic) or topic.partition(".")[0] != each.__module__.partition(".")[0]
    }

    assert catalogue() != {}
    assert wrong == {}


def test_every_stored_event_is_told_in_a_sentence() -> None:
    silent = [topic for topic, each in catalogue().items() if not (each.__doc__ or "").strip()]

    assert silent == []


def test_every_command_that_the_launcher_starts_exists() -> None:
    assert STARTED_BY_THE_LAUNCHER - set(get_commands()) == set()
