"""What every bench ends with, and what it does when it cannot measure."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.harness import (
    Better,
    Comparison,
    cpu_seconds,
    finish,
    in_turns,
    next_word,
    running,
)
from spaces_project.launcher.bench import benches
from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.trouble import Trouble

MEMBERS = ["bench", "ours", "peer", "peer_name", "unit", "ratio", "better"]


def comparison(ours: list[float], peer: list[float]) -> Comparison:
    return Comparison("sound", "Somebody 1.0", "ms", Better.LOWER, ours, peer)


def test_the_ratio_is_ours_to_the_peers_of_the_medians() -> None:
    assert comparison([1, 9, 2], [4, 4, 100]).ratio == 0.5


def test_the_last_line_is_what_was_agreed() -> None:
    line = comparison([1.00004, 9, 0.5], [4, 3, 100]).last_line()

    assert list(json.loads(line)) == MEMBERS
    assert json.loads(line) == {
        "bench": "sound",
        "ours": 1.0,
        "peer": 4,
        "peer_name": "Somebody 1.0",
        "unit": "ms",
        "ratio": 0.25,
        "better": "lower",
    }


def test_the_table_shows_every_round_and_the_medians() -> None:
    lines = comparison([1, 3], [2, 4]).table().splitlines()

    assert lines[0] == "sound: ms, lower is better"
    assert [line.split() for line in lines[2:]] == [
        ["1", "1.000", "2.000", "0.50"],
        ["2", "3.000", "4.000", "0.75"],
        ["median", "2.000", "3.000", "0.67"],
    ]


def test_both_sides_are_measured_in_turns() -> None:
    calls: list[str] = []

    for _ in in_turns(2, lambda: calls.append("ours"), lambda: calls.append("peer")):
        pass

    assert calls == ["ours", "peer", "ours", "peer"]


def test_the_last_line_comes_last(capsys: pytest.CaptureFixture[str]) -> None:
    assert finish(lambda: comparison([1], [2]), 5) == 0

    assert json.loads(capsys.readouterr().out.splitlines()[-1])["ratio"] == 0.5


def test_what_cannot_be_measured_is_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse() -> Comparison:
        raise Trouble("There is no peer.")

    assert finish(refuse, 5) == 1

    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "There is no peer.\n")


def test_a_bench_that_hangs_is_stopped(capsys: pytest.CaptureFixture[str]) -> None:
    def hang() -> Comparison:
        time.sleep(20)
        return comparison([1], [1])

    assert finish(hang, 0.1) == 1

    assert "too long" in capsys.readouterr().err


def test_cpu_time_is_that_of_the_whole_tree(tmp_path: Path) -> None:
    busy = "import time\nwhile time.process_time() < 0.3: pass"
    code = f"""
import subprocess, sys, time
subprocess.run([sys.executable, "-c", {busy!r}])
print("{{}}", flush=True)
time.sleep(60)
"""
    with running("busy", [sys.executable, "-c", code], log=tmp_path / "log") as process:
        next_word(process, dict, tmp_path / "log")
        spent_s = cpu_seconds(process.pid)

    assert 0.25 < spent_s < 3


def test_a_process_that_ended_early_is_named_with_its_complaint(tmp_path: Path) -> None:
    code = "import sys; sys.exit('no room left')"
    with running("early", [sys.executable, "-c", code], log=tmp_path / "log") as process:
        with pytest.raises(Trouble, match="no room left"):
            next_word(process, dict, tmp_path / "log")
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        with pytest.raises(Trouble, match="died"):
            cpu_seconds(process.pid)


def test_an_interrupted_bench_stops_what_it_started(tmp_path: Path) -> None:
    code = f"""
import sys, time
from pathlib import Path
from bench.harness import finish, running
def bench():
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    with running("sleeper", sleep, log=Path({str(tmp_path)!r}) / "log") as process:
        print(process.pid, flush=True)
        time.sleep(60)
sys.exit(finish(bench, 60))
"""
    for number in (signal.SIGINT, signal.SIGTERM):
        bench = subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE)
        assert bench.stdout is not None
        sleeper = int(bench.stdout.readline())
        bench.send_signal(number)

        assert bench.wait(10) == 128 + number
        with pytest.raises(ProcessLookupError):
            os.kill(sleeper, 0)
        bench.stdout.close()


def test_every_bench_says_what_it_measures() -> None:
    found = benches(PROJECT / "bench")

    assert "audio-fanout" in found
    assert all(about.endswith(".") for about in found.values())
