"""``./spaces bench --all``: every figure on the page, what fails named, the rest kept."""

import json
from pathlib import Path

import pytest

from spaces_project.launcher import all_benches, bench_page
from spaces_project.launcher.bench_page import (
    BEGIN,
    END,
    HEAD,
    Figure,
    machine,
    number,
    row,
    update,
)
from spaces_project.launcher.bench_targets import TARGETS
from spaces_project.launcher.commands import run_command
from spaces_project.launcher.trouble import Trouble

FACTS = {"date": "2026-11-20", "machine": "A CPU, 2 cores"}


def figure(bench: str = "load", ratio: float = 0.3, peer_name: str = "Somebody 1.0") -> Figure:
    return Figure(bench, 3 * ratio, 3.0, peer_name, "ms", ratio, "lower")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    found = tmp_path / "docs" / "benchmarks.md"
    found.parent.mkdir()
    found.write_text(f"# Benchmarks\n\n{BEGIN}\n{END}\n\nThe end.\n")
    return found


def bench_folder(folder: Path, **codes: str) -> None:
    (folder / "made_up").mkdir()
    for name, code in codes.items():
        (folder / "made_up" / f"{name}.py").write_text(code)


def prints(bench: str, *further: str) -> str:
    members = {"ours": 1, "peer": 4, "peer_name": "P", "unit": "ms", "ratio": 0.25}
    lines = [
        json.dumps({"bench": name, **members, "better": "lower"}) for name in (*further, bench)
    ]
    return "\n".join(["print('round 1')", *[f"print({line!r})" for line in lines]])


def names(page: Path) -> list[str]:
    return [n for line in page.read_text().splitlines() if (n := bench_page._name(line))][1:]


def test_a_row_says_whether_the_target_was_met(tmp_path: Path) -> None:
    met, missed = (row(figure(ratio=ratio), **FACTS, pages=tmp_path) for ratio in (0.4, 0.41))

    assert met == (
        "| load | 1.20 | 3.00 | ms | 0.400 | lower | ≤ 0.4 | met | Somebody 1.0 | 2026-11-20 "
        "| A CPU, 2 cores |"
    )
    assert "| **missed** |" in missed
    assert "| lower |  |  |" in row(figure("moonlight"), **FACTS, pages=tmp_path)


def test_every_target_can_be_missed() -> None:
    for target in TARGETS.values():
        up = target.better == "higher"
        assert target.is_met_by(target.ratio)
        assert not target.is_met_by(target.ratio * (0.99 if up else 1.01))


def test_numbers_keep_three_digits_that_count() -> None:
    assert [number(v) for v in (16234.5, 100, 32.06, 2, 0.0123, 0)] == [
        "16,234", "100", "32.1", "2.00", "0.0123", "0",
    ]  # fmt: skip


def test_only_the_rows_of_what_was_measured_change(page: Path) -> None:
    pages = page.with_suffix("")
    pages.mkdir()
    (pages / "load.md").touch()
    for bench in ("moonlight", "load", "rebuild", "rebuild fold"):
        name = bench.partition(" ")[0]
        kept = [row(figure("rebuild"), **FACTS, pages=pages)] if " " in bench else []
        update(page, {name: [*kept, row(figure(bench), **FACTS, pages=pages)]})
    assert names(page) == ["rebuild", "rebuild fold", "load", "moonlight"]
    before = page.read_text()

    update(page, {"load": [row(figure(ratio=0.9), **FACTS, pages=pages)]})

    changed = set(before.splitlines()) ^ set(page.read_text().splitlines())
    assert [line[:31] for line in changed] == ["| [load](benchmarks/load.md) | "] * 2
    assert page.read_text().startswith(f"# Benchmarks\n\n{BEGIN}\n{HEAD}\n| rebuild |")
    assert page.read_text().endswith(f"|\n{END}\n\nThe end.\n")


def test_a_name_cannot_break_the_table(tmp_path: Path) -> None:
    line = row(figure(peer_name="a | b"), **FACTS, pages=tmp_path)

    assert line.count("|") == HEAD.splitlines()[0].count("|")


def test_a_page_without_markers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("nothing")

    with pytest.raises(Trouble, match="put back the lines"):
        update(tmp_path / "page.md", {"load": []})


def test_the_machine_is_told_without_its_name() -> None:
    told = machine()

    assert "cores" in told
    assert "GiB" in told
    assert Path("/proc/sys/kernel/hostname").read_text().strip() not in told


def test_one_that_fails_is_named_and_the_others_are_measured(
    tmp_path: Path, page: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    bench_folder(
        tmp_path,
        load=prints("load"),
        wait="import sys; sys.exit('no peer')",
        rest=prints("wait"),
        rebuild=prints("rebuild", "rebuild fold"),
    )
    asked = ["load", "wait", "rest", "rebuild"]

    assert all_benches.measure_all(asked, page=page, package="made_up", folder=tmp_path) == 1

    said = capfd.readouterr()
    assert names(page) == ["rebuild", "rebuild fold", "load"]
    assert "without a figure: wait, rest" in said.out
    assert "round 1" in said.out
    assert "no peer" in said.err
    assert all_benches.measure_all(["load"], page=page, package="made_up", folder=tmp_path) == 0


def test_a_bench_that_hangs_is_ended(
    tmp_path: Path, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench_folder(tmp_path, load="import time; time.sleep(60)")
    monkeypatch.setattr(all_benches, "LONGEST_S", 0.2)

    assert all_benches.measure_all(["load"], page=page, package="made_up", folder=tmp_path) == 1
    assert names(page) == []


def test_an_unknown_name_among_several_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["bench", "--all", "audio-fanout", "moonlight"]) == 1
    assert "no bench called moonlight" in capsys.readouterr().err


def test_the_projects_page_has_a_place_for_the_figures() -> None:
    text = all_benches.PAGE.read_text("utf-8")

    assert BEGIN in text
    assert END in text
    assert HEAD in text
