"""``./spaces prove``: the promises at full size, by name, one or all."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest

from spaces_project.launcher import prove
from spaces_project.launcher.commands import run_command
from spaces_project.launcher.environment import PROJECT
from tests.full_size import heart_beat, reached
from tests.kernel.jars import eventually

FILE = re.compile(r"`(tests/[\w/]+\.py)`")


def test_proofs_are_listed_with_what_they_prove(tmp_path: Path) -> None:
    (tmp_path / "prove_late_commits.py").write_text('"""E-04: nothing skipped.\n\nMore."""\n')
    (tmp_path / "conftest.py").write_text("")

    assert prove.proofs(tmp_path) == {"late-commits": "E-04: nothing skipped."}


def test_every_proof_says_what_it_proves() -> None:
    found = prove.proofs(PROJECT / "proofs")

    assert all(about.endswith(".") for about in found.values()), found


def test_the_page_of_promises_names_every_proof_and_no_file_that_is_not_there() -> None:
    page = (PROJECT / "docs" / "proofs.md").read_text("utf-8")

    assert [n for n in prove.proofs(PROJECT / "proofs") if f"`{n}`" not in page] == []
    assert [name for name in FILE.findall(page) if not (PROJECT / name).exists()] == []


def test_an_unknown_proof_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["prove", "moonlight"]) == 1
    assert run_command(["prove", "--all", "moonlight"]) == 1
    assert capsys.readouterr().err.count("./spaces prove") == 2


@pytest.fixture
def claims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Proofs that are programs of a line or two: pytest needs seconds to start."""
    monkeypatch.setattr(prove, "PYTEST", (sys.executable,))
    (tmp_path / "proofs").mkdir()

    def write(name: str, claim: str) -> None:
        (tmp_path / "proofs" / f"prove_{name}.py").write_text(claim)

    return write


def test_one_that_fails_is_named_and_the_others_run(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], claims: Callable[[str, str], None]
) -> None:
    for name, code in {"right": 0, "wrong_one": 1}.items():
        claims(name, f"import sys\nprint('tried {name}', *sys.argv[1:])\nsys.exit({code})\n")

    assert prove.prove(["wrong-one", "right"], ["-k", "it"], folder=tmp_path) == 1

    said = capfd.readouterr().out
    assert "wrong-one: FAILED (" in said
    assert "right: proved (" in said
    assert "tried right -k it\n" in said


def test_one_that_reaches_its_time_limit_is_stopped_and_is_not_proved(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    claims: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(prove, "PYTEST", (sys.executable, "-I", "-S"))  # it is there at once
    claims("long", "import time\ntry:\n    time.sleep(60)\nfinally:\n    print('put away')\n")

    assert prove.prove(["long"], folder=tmp_path, limit_s=2) == 1

    said = capfd.readouterr().out
    assert "long: NOT PROVED, its time limit of 2 s was reached" in said
    assert "put away" in said


def test_what_was_tried_is_said_once_more_at_the_end(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], claims: Callable[[str, str], None]
) -> None:
    claims("right", "from tests.full_size import *\ntried(sized(300), 'cuts', chosen_seed())\n")
    wanted = {"SPACES_PROOF_PERCENT": "2", "SPACES_TEST_SEED": "7", "PYTHONPATH": str(PROJECT)}

    assert prove.prove(["right"], folder=tmp_path, wanted=wanted) == 0

    assert capfd.readouterr().out.endswith("\n    N=6 cuts (2 % of the full size), seed 7\n")


def test_the_words_of_the_command_reach_the_proofs(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Mock(return_value=0)
    monkeypatch.setattr(prove, "prove", asked)

    words = ["--percent", "0.5", "--seed", "7", "--time-limit", "60", "-k", "it"]
    assert run_command(["prove", "any-order", *words]) == 0

    wanted = {"SPACES_PROOF_PERCENT": "0.5", "SPACES_TEST_SEED": "7"}
    asked.assert_called_once_with(["any-order"], ["-k", "it"], wanted=wanted, limit_s=60.0)


def test_less_than_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run_command(["prove", "any-order", "--percent", "0"])

    assert "has to be more than 0" in capsys.readouterr().err


def test_a_proof_tells_while_it_is_at_work_how_far_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with heart_beat("any_order", every_s=0.01):
        reached("3 of 100 seeds")
        assert eventually(lambda: ": 3 of 100 seeds\n" in capsys.readouterr().err)


def test_pytest_knows_the_words_of_a_proof() -> None:
    assert subprocess.run([*prove.PYTEST, "--version"], check=False, cwd=PROJECT).returncode == 0
