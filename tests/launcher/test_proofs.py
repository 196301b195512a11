"""``./spaces prove``: the promises at full size, by name, one or all."""

import re
from pathlib import Path

import pytest

from spaces_project.launcher import prove
from spaces_project.launcher.commands import run_command
from spaces_project.launcher.environment import PROJECT

FILE = re.compile(r"`((?:tests|proofs)/\w[\w/]*\.py)`")


def test_proofs_are_listed_with_what_they_prove(tmp_path: Path) -> None:
    (tmp_path / "prove_late_commits.py").write_text('"""E-04: nothing skipped.\n\nMore."""\n')
    (tmp_path / "conftest.py").write_text("")

    assert prove.proofs(tmp_path) == {"late-commits": "E-04: nothing skipped."}


def test_every_proof_says_what_it_proves() -> None:
    found = prove.proofs(PROJECT / "proofs")

    assert all(about.endswith(".") for about in found.values()), found


def test_the_page_of_promises_names_every_proof_and_only_what_there_is() -> None:
    named = set(FILE.findall((PROJECT / "docs" / "proofs.md").read_text("utf-8")))
    proofs = {f"proofs/{path.name}" for path in (PROJECT / "proofs").glob("prove_*.py")}

    assert proofs - named == set()
    assert [name for name in sorted(named) if not (PROJECT / name).exists()] == []


def test_an_unknown_proof_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["prove", "moonlight"]) == 1
    assert run_command(["prove", "--all", "moonlight"]) == 1
    assert capsys.readouterr().err.count("./spaces prove") == 2


def test_one_that_fails_is_named_and_the_others_run(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "proofs").mkdir()
    for name, code in {"right": "assert True", "wrong_one": "assert False"}.items():
        claim = f"def test_it() -> None:\n    print('tried {name}')\n    {code}\n"
        (tmp_path / "proofs" / f"prove_{name}.py").write_text(claim)

    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")  # there is no project around these

    assert prove.prove(["wrong-one", "right"], ["-k", "it"], folder=tmp_path) == 1

    said = capfd.readouterr().out
    assert "wrong-one: FAILED in" in said
    assert "right: proved in" in said
    assert "tried right" in said
