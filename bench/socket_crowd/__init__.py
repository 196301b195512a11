"""A crowd of WebSocket clients in one C program, compiled where it runs.

:func:`crowd` connects them. Then, for each measurement: :meth:`Crowd.reset`, let a server send,
:meth:`Crowd.wait_for` the messages, :meth:`Crowd.latencies_ms` with the times of their making.
"""

import json
import subprocess
import time
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.socket_crowd.conversation import Conversation, conversing
from spaces_project.launcher.trouble import Trouble

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {"cc": ("gcc", "libc6-dev")}
POLL_S: Final = 0.05
_HERE: Final = Path(__file__).parent


@dataclass(frozen=True)
class Counts:
    """What all sockets together have got since the last reset."""

    messages: int
    bytes: int
    gaps: int
    repeats: int
    closed: int


@dataclass(frozen=True)
class Echoes:
    """Pings that were sent and answered; ``late`` ones were not sent as one was still out."""

    sent: int
    answered: int
    late: int
    p50_us: float
    p99_us: float
    max_us: float


@dataclass(frozen=True)
class Latencies:
    """From the moment that a message was made to the moment that a client had it."""

    p50_ms: float
    p99_ms: float


class Crowd:
    """Clients that are connected and have had their first frame."""

    def __init__(self, talk: Conversation, folder: Path, connected: int, took_s: float) -> None:
        self._talk = talk
        self._folder = folder
        self.connected = connected
        self.took_s = took_s

    def reset(self) -> None:
        """Forget what was counted."""
        self._ask("reset")

    def count(self) -> Counts:
        """Return what came since the last reset; a frame counts if it has a ``seq``."""
        return Counts(**self._ask("count"))

    def wait_for(self, messages: int, within_s: float) -> Counts:
        """Return the counts as soon as so many messages came, or when the time is over."""
        deadline = time.monotonic() + within_s
        while (counts := self.count()).messages < messages and time.monotonic() < deadline:
            time.sleep(POLL_S)
        return counts

    def latencies_ms(self, sent_ns: Mapping[int, int]) -> Latencies:
        """Return the latencies of the messages whose time is known.

        :param sent_ns: for each seq ``time.monotonic_ns()`` of when it was made, whatever the
            process: the clock is the machine's.
        """
        name = self._folder / "arrivals"
        self._ask(f"arrivals {name}")
        found = array("q", name.read_bytes())
        passed = sorted(
            at - sent_ns[seq]
            for seq, at in zip(found[0::2], found[1::2], strict=True)
            if seq in sent_ns
        )
        if not passed:
            raise Trouble("Not one message arrived.")
        p50, p99 = (passed[int(share * (len(passed) - 1))] / 1e6 for share in (0.5, 0.99))
        return Latencies(p50, p99)

    def echo(self, rate: float, seconds: float) -> Echoes:
        """Let every socket ping so many times a second, evenly spread, and wait for the answers."""
        return Echoes(**self._ask(f"echo {rate} {seconds}"))

    def _ask(self, words: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._talk.ask(words))
        return found


@contextmanager
def crowd(
    folder: Path, port: int, path: str, hellos: Sequence[str], *, socketio: bool = False
) -> Iterator[Crowd]:
    """Connect one socket for each first frame, and wait until all have been answered.

    :param hellos: what each socket sends first, an empty string for nothing; no line breaks.
    :param socketio: speak Socket.IO: the hello goes out behind the namespace's connect.
    :raises Trouble: if one is refused.
    """
    said = folder / "hellos"
    said.write_text("".join(f"{hello}\n" for hello in hellos), "utf-8")
    command = [str(_compiled(folder)), str(port), path, str(said)]
    log = folder / "crowd.log"
    with conversing(command + ["socketio"] * socketio, log) as talk:
        found = json.loads(talk.read())
        if found["failed"]:
            words = log.read_text("utf-8", "replace").strip().splitlines() or ["no word"]
            raise Trouble(f"{found['failed']} sockets were refused: {words[-1]}")
        yield Crowd(talk, folder, found["connected"], found["took_ms"] / 1000)


def compiled(source: Path, program: Path) -> Path:
    """Compile a C program unless it is there.

    :raises Trouble: if the compiler complains.
    """
    if not program.exists():
        command = ["cc", "-O2", "-o", str(program), str(source)]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        if said.returncode != 0:
            raise Trouble(f"{source.name} cannot be compiled: {said.stderr.strip()}")
    return program


def _compiled(folder: Path) -> Path:
    return compiled(_HERE / "crowd.c", folder / "crowd")
