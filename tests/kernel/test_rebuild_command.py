"""``manage.py rebuild``: what it says, and when it leaves a read model as it was."""

import pytest
from django.core.management import CommandError, call_command

from spaces_project.kernel.following.rebuild import Progress, RebuildRuns
from spaces_project.kernel.management.commands import rebuild as command
from spaces_project.kernel.management.commands.rebuild import Narrator
from spaces_project.wiring import read_models

HALF = Progress(position=50, head=100, events=40, duration_s=2.0)


def test_progress_is_told_on_standard_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "SAID_EVERY_S", 0.0)
    Narrator("rooms_directory")(HALF)

    assert capsys.readouterr().err == "rooms_directory: 50 %, 40 events, 20 a second\n"


def test_it_is_not_told_for_every_page(capsys: pytest.CaptureFixture[str]) -> None:
    narrator = Narrator("rooms_directory")
    for _ in range(100):
        narrator(HALF)

    assert capsys.readouterr().err.count("\n") <= 1


def test_an_empty_log_is_all_behind() -> None:
    assert Progress(position=0, head=0, events=0, duration_s=0.0).percent == 100
    assert Progress(position=0, head=0, events=0, duration_s=0.0).events_per_s == 0


def test_a_name_that_nobody_has_is_refused_before_anything_is_rebuilt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rebuilt: list[object] = []
    monkeypatch.setattr(command, "rebuild", lambda model, _: rebuilt.append(model))
    with pytest.raises(CommandError, match="there is no read model nobody"):
        call_command("rebuild", read_models()[0].name, "nobody")

    assert rebuilt == []


def test_who_is_rebuilt_already_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise RebuildRuns("accounts_people is being rebuilt already")

    monkeypatch.setattr(command, "rebuild", refuse)
    with pytest.raises(CommandError, match="stays as it was: accounts_people is being rebuilt"):
        call_command("rebuild", "accounts_people")


@pytest.mark.databases
@pytest.mark.usefixtures("databases")
def test_without_a_name_all_of_them_are_rebuilt(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rebuild")

    said = capsys.readouterr().out
    assert [line.split(":")[0] for line in said.splitlines()] == [m.name for m in read_models()]
