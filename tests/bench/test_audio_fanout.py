"""The bench from the command line to its last line, small."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bench import audio_fanout
from bench.light_peers.crowd import Heard
from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.trouble import Trouble


@pytest.mark.alone
@pytest.mark.timeout(180)  # janus may have to be installed
def test_a_small_room_is_weighed_beside_janus(tmp_path: Path) -> None:
    words = ["bench", "audio-fanout", "--listeners", "8", "--bridged", "8"]
    words += ["--seconds", "1", "--rounds", "1"]
    said = subprocess.run(
        [sys.executable, "-m", "spaces_project.launcher", *words],
        cwd=PROJECT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 0, said.stderr
    lines = [json.loads(line) for line in said.stdout.splitlines() if line.startswith("{")]
    line = lines.pop()
    assert line["bench"] == "audio-fanout"
    assert [other["bench"] for other in lines] == ["audio-fanout AudioBridge"]
    assert line["peer_name"].startswith("Janus Streaming")
    assert line["better"] == "lower"
    assert line["ratio"] == pytest.approx(line["ours"] / line["peer"], abs=0.001)
    assert ", 0 lost," in said.stdout
    assert list(tmp_path.iterdir()) == [], "nothing is left behind"


def test_a_peer_that_cannot_be_had_is_named_with_what_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("sys.argv", ["audio-fanout"])

    assert audio_fanout.main() == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert "Type: sudo apt-get" in said.err
    assert "janus" in said.err


def test_a_server_that_did_not_do_the_work_gets_no_figure() -> None:
    good = Heard(
        packets_each=250,
        least_packets=250,
        lost=0,
        decrypted=5000,
        unreadable=0,
        rms_dbov=-22,
        range_db=40,
        is_speech=True,
    )
    audio_fanout._must_be_worth_something("a server", good, 200)

    for flaw in ({"is_speech": False}, {"lost": 5000}, {"unreadable": 500}):
        with pytest.raises(Trouble, match="a server"):
            audio_fanout._must_be_worth_something("a server", replace(good, **flaw), 200)
