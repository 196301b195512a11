"""The shell script itself, in an empty folder with a Python that only writes down what it is asked.

Nothing is installed and nothing is fetched here.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
RECORDER = """#!/bin/sh
echo "$(basename "$0") $*" >>"$CALLS"
case "$*" in
    *"-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python && cp "$0" .venv/bin/uv ;;
    *"config get"*) printf '%s' "${CONFIGURED_INDEX:-}" ;;
esac
case "$(basename "$0") $*" in
    "uv pip"*) echo "index ${UV_DEFAULT_INDEX:-none}" >>"$CALLS"; exit "${UV_EXIT:-0}" ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with the script and two locks, and a PATH with one Python."""
    folder = tmp_path / "check out"
    tools = tmp_path / "tools"
    folder.mkdir()
    tools.mkdir()
    shutil.copy(PROJECT / "spaces", folder / "spaces")
    for name in ("requirements.txt", "requirements-test.txt"):
        (folder / name).write_text("one==1\n")
    (tools / "python3").write_text(RECORDER)
    (tools / "python3").chmod(0o755)
    for name in ("sh", "dirname", "basename", "cksum", "cat", "mv", "mkdir", "cp", "date", "id"):
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    return folder


def calls(folder: Path, *words: str) -> list[str]:
    """Run the script and return what it asked of Python."""
    record = Path(os.environ["CALLS"])
    record.unlink(missing_ok=True)
    subprocess.run([str(folder / "spaces"), *words], check=True, capture_output=True)
    return record.read_text().splitlines()


def installs(made: list[str]) -> list[str]:
    return [call for call in made if " pip install" in call]


def test_the_script_is_posix() -> None:
    subprocess.run(["sh", "-n", str(PROJECT / "spaces")], check=True)
    shellcheck = shutil.which("shellcheck")
    if shellcheck is not None:
        subprocess.run([shellcheck, str(PROJECT / "spaces")], check=True)


def test_the_first_run_installs_the_hashed_lock_and_starts(checkout: Path) -> None:
    made = calls(checkout, "run", "--no-demo")

    assert [call for call in made if "-m venv" in call]
    assert len(installs(made)) == 1
    assert "--require-hashes -r requirements.txt" in installs(made)[0]
    assert made[-1] == "python -m spaces_project.launcher run --no-demo"


def test_an_unchanged_lock_is_not_installed_again(checkout: Path) -> None:
    calls(checkout, "run")

    assert installs(calls(checkout, "run")) == []


def test_a_changed_lock_is_installed_again(checkout: Path) -> None:
    calls(checkout, "run")
    (checkout / "requirements.txt").write_text("one==2\n")

    assert len(installs(calls(checkout, "run"))) == 1


def test_tests_have_a_lock_of_their_own(checkout: Path) -> None:
    calls(checkout, "run")

    assert "requirements-test.txt" in installs(calls(checkout, "test"))[0]


def test_pip_helps_where_uv_fails(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_EXIT", "1")

    made = installs(calls(checkout, "run"))

    assert [call.split()[0] for call in made] == ["uv", "python"]
    assert "--require-hashes" in made[1]


def test_uv_asks_the_index_that_pip_is_configured_for(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFIGURED_INDEX", "file:///a/mirror")

    assert "index file:///a/mirror" in calls(checkout, "run")


def test_help_installs_nothing(checkout: Path) -> None:
    for words in ([], ["help"], ["run", "--help"]):
        made = calls(checkout, *words)
        assert installs(made) == []
        assert not (checkout / ".venv").exists()


def without_python(checkout: Path, user: int) -> subprocess.CompletedProcess[str]:
    """Run as a user on a Debian without Python, whose apt-get brings it."""
    tools = Path(os.environ["PATH"])
    python = tools / "python3"
    hidden = tools / "hidden"
    python.rename(hidden)
    (tools / "id").unlink()
    (tools / "id").write_text(f"#!/bin/sh\necho {user}\n")
    (tools / "apt-get").write_text(
        '#!/bin/sh\necho "apt-get $*" >>"$CALLS"\n'
        f"case $1 in install) cp {hidden} {python} ;; esac\n"
    )
    for name in ("id", "apt-get"):
        (tools / name).chmod(0o755)
    return subprocess.run(
        [str(checkout / "spaces"), "run"], check=False, capture_output=True, text=True
    )


def test_root_gets_python_by_apt(checkout: Path) -> None:
    ended = without_python(checkout, user=0)

    assert ended.returncode == 0, ended.stderr
    record = Path(os.environ["CALLS"]).read_text()
    assert "apt-get install -y -qq --no-install-recommends python3 python3-venv" in record
    assert record.splitlines()[-1] == "python -m spaces_project.launcher run"


def test_others_are_told_what_to_type(checkout: Path) -> None:
    ended = without_python(checkout, user=1000)

    assert ended.returncode == 1
    assert "Type: sudo apt-get install python3 python3-venv" in ended.stderr
    assert not Path(os.environ["CALLS"]).exists()


def test_without_python_the_line_to_type_is_said(checkout: Path) -> None:
    (Path(os.environ["PATH"]) / "python3").unlink()

    ended = subprocess.run(
        [str(checkout / "spaces"), "run"], check=False, capture_output=True, text=True
    )

    assert ended.returncode == 1
    assert "Python 3.11" in ended.stderr
    assert "Install it" in ended.stderr
