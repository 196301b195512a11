"""The bench from the command line to its last line, small."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from spaces_project.launcher.environment import PROJECT


@pytest.mark.alone
@pytest.mark.timeout(180)  # janus may have to be installed
def test_a_small_room_is_weighed_beside_janus() -> None:
    words = ["bench", "audio-fanout", "--listeners", "8", "--seconds", "2", "--rounds", "1"]
    said = subprocess.run(
        [sys.executable, "-m", "spaces_project.launcher", *words],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 0, said.stderr
    line = json.loads(said.stdout.splitlines()[-1])
    assert line["bench"] == "audio-fanout"
    assert line["peer_name"].startswith("Janus Streaming")
    assert line["better"] == "lower"
    assert line["ratio"] == pytest.approx(line["ours"] / line["peer"], abs=0.001)
    assert ", 0 lost," in said.stdout
    assert not list(Path(tempfile.gettempdir()).glob("spaces-bench-*"))
