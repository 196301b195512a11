"""The table in docs/benchmarks.md: written by ``./spaces bench --all``, never by hand."""

import os
import platform
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from spaces_project.launcher.bench_targets import TARGETS
from spaces_project.launcher.trouble import Trouble

BEGIN: Final = "<!-- figures: written by ./spaces bench --all -->"
END: Final = "<!-- end of figures -->"
DIGITS_ARE_THERE: Final = 100
HEAD: Final = (
    "| bench | ours | peer | unit | ratio | better | target | | peer's name | date | machine |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|"
)
NAME: Final = re.compile(r"^\| \[?([^\]|]+?)\]?(?:\([^)]*\))? \|")


@dataclass(frozen=True)
class Figure:
    """One line of JSON that a bench ended with (see bench/harness.py)."""

    bench: str
    ours: float
    peer: float
    peer_name: str
    unit: str
    ratio: float
    better: str


def machine() -> str:
    """Say what is about to measure, without its name, and how busy it was in the last minute."""
    cores, gib = os.cpu_count(), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    kernel = re.match(r"[\d.]*\d", platform.release())
    return (
        f"{_cpu_model()}, {cores} cores, {gib:.0f} GiB, "
        f"{platform.system()} {kernel[0] if kernel else ''}, load {os.getloadavg()[0]:.1f}"
    )


def today() -> str:
    """Return the date as the page shows it."""
    return datetime.now(UTC).date().isoformat()


def row(figure: Figure, *, date: str, machine: str, pages: Path) -> str:
    """Return a figure as a row of the table, linked to its page if it has one."""
    target = TARGETS.get(figure.bench)
    verdict = "" if target is None else "met" if target.is_met_by(figure.ratio) else "**missed**"
    name = figure.bench
    page = f"{name.partition(' ')[0]}.md"
    cells = [
        f"[{name}]({pages.name}/{page})" if (pages / page).exists() else name,
        number(figure.ours),
        number(figure.peer),
        figure.unit,
        number(figure.ratio),
        figure.better,
        target.words if target else "",
        verdict,
        figure.peer_name,
        date,
        machine,
    ]
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def number(value: float) -> str:
    """Return a number with three digits that count, thousands apart."""
    if abs(value) >= DIGITS_ARE_THERE:
        return f"{value:,.0f}"
    return f"{value:#.3g}" if value else "0"


def update(page: Path, rows: Mapping[str, Iterable[str]]) -> None:
    """Replace the rows of the benches in ``rows`` in the page's table; the others stay as they are.

    :param rows: by the name of the bench; a bench may have more than one row.
    :raises Trouble: if the page has lost its markers.
    """
    text = page.read_text("utf-8")
    before, begin, rest = text.partition(BEGIN)
    old, end, after = rest.partition(END)
    if not (begin and end):
        raise Trouble(f"{page.name} has no place for the figures: put back the lines {BEGIN} {END}")
    kept = [line for line in old.splitlines() if _name(line).partition(" ")[0] not in rows]
    lines = [line for line in kept if NAME.match(line) and _name(line) != "bench"]
    lines += [line for several in rows.values() for line in several]
    lines.sort(key=_place)
    table = "\n".join([HEAD, *lines])
    draft = page.with_name(page.name + ".new")
    draft.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", "utf-8")
    draft.replace(page)


def _name(line: str) -> str:
    found = NAME.match(line)
    return found[1] if found else ""


def _place(line: str) -> tuple[int, str]:
    """Rows stand in the order of the targets, others behind them by name."""
    name = _name(line)
    order = list(TARGETS)
    return (order.index(name) if name in order else len(order), name)


def _cpu_model() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        text = ""
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1] if found else platform.processor() or platform.machine()
