"""A child process that is asked a line and answers a line; it ends when its input ends."""

import contextlib
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from bench.harness import end
from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.trouble import Trouble

PATIENCE_S: Final = 3.0


class Conversation:
    """What is said to a process and what it answers."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._in: IO[bytes] = process.stdin
        self._out: IO[bytes] = process.stdout
        self._log = log

    @property
    def pid(self) -> int:
        """The process, to be weighed."""
        return self._process.pid

    def read(self) -> str:
        """Return the next line that it says.

        :raises Trouble: if it ended instead, with what it complained of last.
        """
        line = self._out.readline()
        if not line:
            complaints = self._log.read_text("utf-8", "replace").strip().splitlines()
            raise Trouble(f"A process of the bench ended early: {(complaints or ['no word'])[-1]}")
        return line.decode().strip()

    def ask(self, words: str) -> str:
        """Say a line and return its answer."""
        with contextlib.suppress(BrokenPipeError):  # the answer's absence tells it better
            self._in.write(f"{words}\n".encode())
            self._in.flush()
        return self.read()


@contextlib.contextmanager
def conversing(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Conversation]:
    """Run a program that listens to its standard input; it is gone after the block."""
    with log.open("ab") as complaints:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=environment,
            cwd=PROJECT,
            process_group=0,
        )
    try:
        yield Conversation(process, log)
    finally:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError, subprocess.TimeoutExpired):
            process.stdin.close()
            process.wait(PATIENCE_S)
        end(process)
