"""What the kernel's tests share."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from spaces_project.kernel import hot_commands
from spaces_project.kernel.log.mailboxes import Mailboxes
from spaces_project.presets import PRESETS
from tests.kernel.box_office import mailbox_threads
from tests.kernel.jars import eventually


@pytest.fixture
def everybody_hosts(settings: Settings) -> None:
    """The preset in which nobody needs followers to host."""
    settings.PRESET = PRESETS["classic"]


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailboxes]:
    """The mailboxes of the test, empty; their threads end soon."""
    found = Mailboxes(idle_s=0.02)
    monkeypatch.setattr(hot_commands, "mailboxes", lambda: found)
    yield found
    assert eventually(lambda: not mailbox_threads(), within_s=20)


@pytest.fixture
def shelves(databases: object) -> Iterator[None]:
    """The tables of the small read models."""
    del databases
    from tests.kernel.shelves import shelf_tables  # noqa: PLC0415 - asks Django for settings

    with shelf_tables():
        yield
