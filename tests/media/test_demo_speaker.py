"""The demo's speaker says in a sentence what keeps it from speaking."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts import commands as accounts
from spaces_project.kernel.following.projector import project
from spaces_project.wiring import read_models

PROJECT = Path(__file__).resolve().parents[2]


def test_a_database_that_is_away_is_one_sentence(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", "demo_speaker"],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": f"postgresql:///spaces?host={tmp_path}"},
        check=False,
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 1
    assert "the database does not answer" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.databases
@pytest.mark.usefixtures("databases")
def test_without_a_demo_it_says_what_to_do() -> None:
    with pytest.raises(CommandError, match="no demo yet"):
        call_command("demo_speaker")

    accounts.register(handle="narrator", name="The Narrator")
    for read_model in read_models():
        project(read_model)
    with pytest.raises(CommandError, match="over"):
        call_command("demo_speaker")
