"""Followers in bulk."""

import io
import time
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from accounts import commands, queries
from accounts.commands import Imported, bulk, import_followers
from accounts.domain.errors import AccountNotFound, HandleNotAllowed
from accounts.projections.people import People
from spaces_project.kernel.following.rebuild import rebuild
from tests.accounts.people import ANA, at_once, catch_up, rows, someone, topics

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

LEAST_PER_S = 2000


def crowd(size: int) -> list[tuple[str, str]]:
    return [(f"fan_{n}", f"Fan {n}") for n in range(size)]


def run(path: Path, host: str = "ana") -> tuple[str, str]:
    told, progress = io.StringIO(), io.StringIO()
    call_command("import_followers", str(path), host=host, stdout=told, stderr=progress)
    return told.getvalue(), progress.getvalue()


def test_everybody_follows_and_a_second_run_changes_nothing() -> None:
    ana = someone("ana")
    assert import_followers(ana, crowd(700)) == Imported(700, 700, 0)
    before = len(topics())
    assert import_followers(ana, crowd(700)) == Imported(0, 0, 700), "the view is behind"
    catch_up()
    assert import_followers(ana, crowd(700)) == Imported(0, 0, 700), "the view is there"

    assert len(topics()) == before
    assert queries.follower_count(ana) == 700
    kept = rows()
    rebuild(People())
    assert rows() == kept


def test_who_has_an_account_keeps_it() -> None:
    ana, bo = someone("ana"), someone("fan_1", "Bo", password="a good password")
    assert import_followers(ana, crowd(3)) == Imported(2, 3, 0)
    catch_up()

    assert queries.person_by_handle("fan_1") == queries.Person(bo, "fan_1", "Bo")
    assert queries.follows(bo, ana)
    commands.sign_in(handle="fan_1", password="a good password")


def test_who_left_or_was_blocked_is_not_brought_back() -> None:
    ana = someone("ana")
    import_followers(ana, crowd(3))
    catch_up()
    fans = [queries.person_by_handle(handle) for handle, _ in crowd(2)]
    ids: list[UUID] = [fan.account_id for fan in fans if fan]
    commands.unfollow(follower_id=ids[0], followee_id=ana)
    commands.block(blocker_id=ana, blocked_id=ids[1])

    assert import_followers(ana, crowd(3)) == Imported(0, 0, 3)


def test_the_host_and_repeated_handles_are_skipped() -> None:
    ana = someone("ana")
    people = [("ana", "Ana"), ("bob", "Bo"), ("BOB", "Bo again"), *crowd(bulk.BATCH), ("bob", "B")]

    assert import_followers(ana, people) == Imported(501, 501, 1)


def test_two_imports_at_once_make_nobody_twice() -> None:
    ana = someone("ana")
    answers = at_once([lambda: import_followers(ana, crowd(600))] * 2)

    assert all(isinstance(answer, Imported) for answer in answers), answers
    assert topics().count("Registered") == 601
    assert topics().count("Followed") == 600


def test_without_a_host_or_with_a_bad_handle_nothing_happens() -> None:
    with pytest.raises(AccountNotFound):
        import_followers(ANA, crowd(3))
    ana = someone("ana")
    with pytest.raises(HandleNotAllowed):
        import_followers(ana, [("fan_1", "Fan"), ("no handle", "x")])

    assert topics() == ["Registered", "HandleClaimed"]


def test_the_command_imports_a_file(tmp_path: Path) -> None:
    someone("ana")
    path = tmp_path / "followers.csv"
    path.write_text('\ufefffan_1\nFan_2,"Fan, the second"\n\nfan_1,again\nbo_3,Bo\n', "utf-8")
    told, progress = run(path)
    catch_up()

    assert told.startswith("3 follow now (3 new accounts), 0 skipped")
    assert "3 of 3" in progress
    found = queries.people_by_handle(["fan_1", "fan_2"])
    assert [found[handle].name for handle in ("fan_1", "fan_2")] == ["fan_1", "Fan, the second"]
    assert run(path)[0].startswith("0 follow now (0 new accounts), 3 skipped")


def test_bad_lines_are_named_and_nothing_is_imported(tmp_path: Path) -> None:
    someone("ana")
    path = tmp_path / "followers.csv"
    path.write_text("fan_1\nx\nfan_2,Fan,3\nadmin\nfan_3,\n", "utf-8")
    with pytest.raises(CommandError) as refused:
        run(path)

    assert str(refused.value).splitlines() == [
        "nothing was imported; mend these lines:",
        "line 2: This cannot be a handle. Use 3 to 30 letters from a to z, digits and underscores.",
        "line 3: there are 3 columns; write handle or handle,name",
        "line 4: This cannot be a handle. This word is reserved.",
        "line 5: This cannot be a name. Use 1 to 50 characters.",
    ]
    assert topics() == ["Registered", "HandleClaimed"]


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    someone("ana")
    good, binary = tmp_path / "good.csv", tmp_path / "binary.csv"
    good.write_text("fan_1\n", "utf-8")
    binary.write_bytes(b"\xff\xfe\x00")
    for path, host, words in (
        (tmp_path / "missing.csv", "ana", "No such file"),
        (binary, "ana", "binary.csv"),
        (good, "nobody", "There is no such account"),
        (good, "x", "cannot be a handle"),
    ):
        with pytest.raises(CommandError, match=words):
            run(path, host)


def test_two_thousand_followers_come_within_a_second() -> None:
    ana = someone("ana")
    took_s = []
    for turn in range(3):  # the best of three: others use this machine too
        people = [(f"fan_{turn}_{n}", "Fan") for n in range(LEAST_PER_S)]
        started = time.perf_counter()
        import_followers(ana, people)
        took_s.append(time.perf_counter() - started)

    assert min(took_s) < 1
