"""What a person types: every command, its help, and sentences instead of tracebacks."""

import subprocess
import sys
from pathlib import Path

import pytest

from spaces_project.launcher import bench, lock, reset
from spaces_project.launcher.check import check_stages
from spaces_project.launcher.commands import COMMANDS, run_command
from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.packages import ensure_packages
from spaces_project.launcher.stages import Stage, run_stages
from spaces_project.launcher.trouble import Trouble


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run_command([name, "--help"])

    assert ended.value.code == 0
    assert COMMANDS[name].DESCRIPTION.splitlines()[0] in capsys.readouterr().out


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["help"]) == 0

    said = capsys.readouterr().out
    assert all(f"    {name} " in said for name in COMMANDS)


def test_an_unknown_word_is_refused() -> None:
    for words in (["dance"], ["run", "--backwards"]):
        with pytest.raises(SystemExit) as ended:
            run_command(words)
        assert ended.value.code == 2


def test_trouble_is_a_sentence_without_a_traceback(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPACES_HOME", str(tmp_path))

    assert run_command(["log", "room_x"]) == 1
    assert capsys.readouterr().err.endswith("type: ./spaces run\n")


def test_the_launcher_needs_no_package_to_explain_itself() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(PROJECT)!r});"
        "from spaces_project.launcher.commands import run_command; run_command(['help'])"
    )
    said = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], check=True, capture_output=True, text=True
    ).stdout

    assert "./spaces run" in said


def test_reset_asks_and_deletes_only_what_is_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPACES_HOME", str(tmp_path))
    for name in ("secrets", "postgres", "holiday-pictures"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)

    assert run_command(["reset"]) == 1
    assert (tmp_path / "secrets").exists()

    assert run_command(["reset", "--yes"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["holiday-pictures"]
    assert "postgres" in reset.OURS


def test_reset_does_not_touch_what_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACES_HOME", str(tmp_path))
    (tmp_path / "secrets").mkdir()
    from spaces_project.launcher import environment  # noqa: PLC0415 beside its use

    home = environment.home()
    home.make()
    with home.lock():
        assert run_command(["reset", "--yes"]) == 1

    assert (tmp_path / "secrets").exists()


def test_benches_are_listed_with_what_they_measure(tmp_path: Path) -> None:
    (tmp_path / "audio_fanout.py").write_text('"""CPU of a listener.\n\nMore."""\n')
    for other in ("_tools.py", "harness.py", "__init__.py"):
        (tmp_path / other).write_text("")

    assert bench.benches(tmp_path) == {"audio-fanout": "CPU of a listener."}


def test_an_unknown_bench_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["bench", "moonlight"]) == 1
    assert "./spaces bench" in capsys.readouterr().err


def test_the_first_failing_stage_ends_the_checks(capsys: pytest.CaptureFixture[str]) -> None:
    ends = [Stage(str(code), [sys.executable, "-c", f"exit({code})"]) for code in (0, 3, 0)]

    assert run_stages(ends) == 3
    assert "all fine" not in capsys.readouterr().out
    assert run_stages(ends[:1]) == 0


def test_every_check_knows_its_options() -> None:
    for stage in check_stages():
        asked = subprocess.run(
            [*stage.command, "--help"], cwd=PROJECT, check=False, capture_output=True, text=True
        )
        assert asked.returncode == 0, asked.stderr


def test_a_missing_browser_is_never_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)

    with pytest.raises(Trouble, match="apt-get install"):
        ensure_packages()


def test_a_lock_names_no_package_index() -> None:
    assert lock.addresses_in("--index-url " + "https" + "://index.example/simple") != []
    for name in lock.LOCKS:
        assert lock.addresses_in((PROJECT / name).read_text("utf-8")) == []
