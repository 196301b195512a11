"""What an operator sees and does when a follower has stopped somewhere."""

from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command

from spaces_project.kernel.following import poison
from spaces_project.kernel.ids import new_id, public
from spaces_project.kernel.management.commands import dead_letters as command
from spaces_project.kernel.management.commands import follower_lag
from tests.kernel.jars import add
from tests.kernel.poison import POISON, Shelf, follow, shelf_table

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases", "shelf")]


@pytest.fixture
def shelf(databases: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The table of marbles; nothing is tried for long."""
    del databases
    monkeypatch.setattr(poison, "PAUSES_S", ())
    with shelf_table():
        yield


def test_the_command_lists_and_retries(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf = Shelf()
    monkeypatch.setattr(command, "read_models", lambda: [shelf])
    monkeypatch.setattr(command, "policies", list)
    jar_id = new_id()
    position = add(jar_id=jar_id, colour=POISON).position
    follow(shelf)

    call_command("dead_letters")
    with pytest.raises(CommandError, match="needs a version that can apply it, or the event"):
        call_command("dead_letters", retry=Shelf.name)
    with pytest.raises(CommandError, match="no follower nobody"):
        call_command("dead_letters", retry="nobody")
    shelf.mended = True
    call_command("dead_letters", all=True)

    said = capsys.readouterr().out.splitlines()
    letter = (
        f"tests_shelf has stopped in stream {jar_id} at position {position} "
        "(tests.MarbleAdded): Poisoned"
    )
    assert said == [
        letter,
        "tests_shelf: 0 of 1 go on",
        letter,
        "tests_shelf: 1 of 1 go on",
        "nothing has stopped",
    ]


def test_the_alarm_and_the_list_name_a_room_as_its_address_does(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(command, "read_models", lambda: [Shelf()])
    monkeypatch.setattr(command, "policies", list)
    room_id = new_id()
    position = add(jar_id=new_id(), colour=POISON, room=room_id).position
    follow(Shelf())

    call_command("dead_letters")
    words = f"tests_shelf has stopped in {public('room', room_id)} at position {position} "
    assert capsys.readouterr().out.startswith(words)
    assert words in caplog.text


def test_whoever_looks_at_the_followers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower_lag, "read_models", lambda: [Shelf()])
    add(jar_id=new_id(), colour=POISON)
    follow(Shelf())

    with pytest.raises(CommandError, match=r"tests_shelf in 1\. .*dead_letters"):
        call_command("follower_lag")
