"""``./spaces prove``: the promises at full size, by name, one or all."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from spaces_project.launcher import prove
from spaces_project.launcher.commands import run_command
from spaces_project.launcher.environment import PROJECT

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


def test_one_that_fails_is_named_and_the_others_run(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prove, "PYTEST", (sys.executable,))  # which needs seconds to start
    (tmp_path / "proofs").mkdir()
    for name, code in {"right": 0, "wrong_one": 1}.items():
        claim = f"import sys\nprint('tried {name}', *sys.argv[1:])\nsys.exit({code})\n"
        (tmp_path / "proofs" / f"prove_{name}.py").write_text(claim)

    assert prove.prove(["wrong-one", "right"], ["-k", "it"], folder=tmp_path) == 1

    said = capfd.readouterr().out
    assert "wrong-one: FAILED in" in said
    assert "right: proved in" in said
    assert "tried right -k it\n" in said


def test_pytest_knows_the_words_of_a_proof() -> None:
    assert subprocess.run([*prove.PYTEST, "--version"], check=False, cwd=PROJECT).returncode == 0
