"""``./spaces prove``: the promises at full size."""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from spaces_project.launcher.bench import first_line
from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.trouble import Trouble

SUMMARY = "run the promises at full size (minutes each), or list them"
DESCRIPTION = """\
Every promise is tested at a short size by ./spaces test. Here the full size runs: the tests
in proofs/, by name. Without a name: lists them. docs/proofs.md says what each promises.

  ./spaces prove NAME [WORDS FOR PYTEST ...]
  ./spaces prove --all              one after the other, also when one fails

How far a proof is, it says on stderr; its last lines say how often it tried, and its seed."""
# They print what they did; the launcher has the clock.
PYTEST = (sys.executable, "-m", "pytest", "-s", "--timeout=0")
FULL_PERCENT = 100
# Three times what the longest takes on two cores; a proof that hangs ends too.
LIMIT_S = 1800.0
PATIENCE_S = 30.0  # with one that is asked to stop and puts its processes away


def configure(parser: argparse.ArgumentParser) -> None:
    """The name of a proof, or all; how much of it, from which seed, for how long."""
    parser.add_argument("name", nargs="?", help="which proof, as the list names it")
    parser.add_argument("--all", action="store_true", help="run every proof")
    parser.add_argument(
        "--percent",
        type=_above_zero,
        default=FULL_PERCENT,
        metavar="P",
        help="how much of the full size, in percent; more than 100 is more than was promised",
    )
    parser.add_argument("--seed", type=int, metavar="N", help="what chance begins with")
    parser.add_argument(
        "--time-limit",
        type=_above_zero,
        default=LIMIT_S,
        metavar="SECONDS",
        help="stop a proof that takes longer, which counts as not proved (%(default).0f)",
    )
    parser.set_defaults(takes_more=True)


def main(arguments: argparse.Namespace) -> int:
    """Run a proof, all of them, or list them."""
    found = proofs(PROJECT / "proofs")
    wanted = {"SPACES_PROOF_PERCENT": f"{arguments.percent:g}"}
    if arguments.seed is not None:
        wanted["SPACES_TEST_SEED"] = str(arguments.seed)
    limit_s = float(arguments.time_limit)
    if arguments.all:
        if arguments.name or arguments.rest:
            raise Trouble("--all takes no more words. Type: ./spaces prove --all")
        return prove(list(found), wanted=wanted, limit_s=limit_s)
    if arguments.name is None:
        width = max(map(len, found), default=0) + 2
        sys.stdout.writelines(f"  {name:<{width}}{about}\n" for name, about in found.items())
        return 0
    name = arguments.name.replace("_", "-")
    if name not in found:
        raise Trouble(f"There is no proof called {arguments.name}. Type: ./spaces prove")
    return prove([name], arguments.rest, wanted=wanted, limit_s=limit_s)


def proofs(folder: Path) -> dict[str, str]:
    """Each proof by the name that a person types, with the first line of its docstring."""
    return {
        path.stem.removeprefix("prove_").replace("_", "-"): first_line(path)
        for path in sorted(folder.glob("prove_*.py"))
    }


def prove(
    names: Sequence[str],
    words: Sequence[str] = (),
    folder: Path = PROJECT,
    *,
    wanted: Mapping[str, str] | None = None,
    limit_s: float = LIMIT_S,
) -> int:
    """Run the proofs, each in a process and with databases of its own; 1 if one was not proved.

    :param wanted: variables that tell the proofs how much of their size, and which seed.
    """
    outcomes = []
    unproved = 0
    with tempfile.TemporaryDirectory(prefix="spaces-proofs-") as ends:
        for name in names:
            _say(f"\n== {name}")
            started = time.monotonic()
            told = Path(ends) / name
            environment = {**os.environ, **(wanted or {}), "SPACES_PROOF_ENDS": str(told)}
            path = f"proofs/prove_{name.replace('-', '_')}.py"
            code = _run([*PYTEST, path, *words], folder, environment, limit_s)
            unproved += code != 0
            outcome = _in_words(code, limit_s)
            outcomes.append(f"  {name}: {outcome} ({time.monotonic() - started:.0f} s)")
            if told.exists():
                outcomes += [f"    {line}" for line in told.read_text("utf-8").splitlines()]
    _say("\n" + "\n".join(outcomes))
    return 1 if unproved else 0


def _run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], limit_s: float
) -> int | None:
    """Run one to its end; return its exit status, or None if the time limit was reached first."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=dict(environment),
        # What is started in the background hears no SIGINT, and could not put its things away.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 one thread
    )
    try:
        return process.wait(limit_s)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        return None
    finally:  # at Ctrl-C it has heard it too
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE_S)
        process.kill()
        process.wait()


def _in_words(code: int | None, limit_s: float) -> str:
    if code is None:
        return (
            f"NOT PROVED, its time limit of {limit_s:g} s was reached; "
            "allow more with --time-limit, or ask for less with --percent"
        )
    return "FAILED" if code else "proved"


def _above_zero(text: str) -> float:
    number = float(text)
    if number <= 0:
        raise argparse.ArgumentTypeError("has to be more than 0")
    return number


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
