"""One started program: born so that it cannot outlive its supervisor, ended politely, then not."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from spaces_project.launcher.trouble import Trouble

ChildProcess = subprocess.Popen[bytes]
PR_SET_PDEATHSIG = 1  # linux/prctl.h
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """A system user that a program runs as."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Program:
    """What to start and how to end it.

    Programs of a lower tier are stopped after all of a higher one: a database after its clients.
    Lines that begin with a hushed word are not printed.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    tier: int = 1
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    patience_s: float = 5.0
    hushed: tuple[str, ...] = ()
    orphan_signal: signal.Signals = signal.SIGKILL
    prepare: Callable[[], None] = field(default=lambda: None, compare=False)


def spawn(program: Program, stdout: int | IO[bytes], stderr: int | IO[bytes]) -> ChildProcess:
    """Start a program in a process group of its own, so that Ctrl-C reaches only us.

    :raises Trouble: if it cannot be started at all.
    """
    account = program.account
    try:
        # The user is changed before preexec_fn runs, and changing it afterwards would undo it.
        return subprocess.Popen(
            program.command,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            env=dict(program.environment),
            cwd=program.folder,
            process_group=0,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=_die_with(os.getpid(), program.orphan_signal),  # noqa: PLW1509 one thread
        )
    except OSError as error:
        raise Trouble(
            f"{program.name} cannot be started: {error.strerror}: {program.command[0]}. "
            "Type: ./spaces doctor"
        ) from error


def _die_with(parent: int, signal_number: signal.Signals) -> Callable[[], None]:
    """Ask the kernel to signal the child when its parent is gone, even by SIGKILL."""

    def ask() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, int(signal_number))
        if os.getppid() != parent:  # it died between the fork and the request
            os._exit(1)

    return ask


def signal_group(process: ChildProcess, signal_number: signal.Signals) -> None:
    """Signal a child and everything that it started."""
    if process.poll() is None:
        # It may end on its own meanwhile; macOS calls a group that is just ending forbidden.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal_number)
