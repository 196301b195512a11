"""Where state lives and what the processes are told about each other."""

import fcntl
import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

from spaces_project.launcher.ports import FIRST_PORT, LOOPBACK, free_ports
from spaces_project.launcher.trouble import Trouble

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Home:
    """The folder that holds everything which outlives a run."""

    path: Path

    @property
    def run(self) -> Path:
        """What holds only while it runs: the lock, addresses, readiness."""
        return self.path / "run"

    @property
    def secrets(self) -> Path:
        """Where the keys are, unless SPACES_SECRETS says otherwise."""
        return Path(os.environ.get("SPACES_SECRETS") or self.path / "secrets").absolute()

    @property
    def shown(self) -> str:
        """The folder as a person would write it."""
        if self.path.is_relative_to(PROJECT):
            return f"{self.path.relative_to(PROJECT)}/"
        return str(self.path)

    def make(self) -> None:
        """Create the folders; a second call changes nothing."""
        try:
            self.run.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Trouble(
                f"{self.path} cannot be written ({error.strerror}). Set SPACES_HOME to a folder "
                "of your own, or change who owns it."
            ) from error

    def lock(self) -> TextIO:
        """Hold the folder for this process; the lock ends with it, however it ends."""
        file = (self.run / "lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise Trouble(
                f"Spaces is already running with {self.shown}. Stop it with Ctrl-C where it runs, "
                "or set SPACES_HOME to another folder."
            ) from error
        return file

    def is_running(self) -> bool:
        """Whether a launcher holds the folder now."""
        if not (self.run / "lock").exists():
            return False
        try:
            self.lock().close()
        except Trouble:
            return True
        return False

    def state(self) -> dict[str, Any] | None:
        """What the running launcher says about itself; None when nothing runs."""
        if not self.is_running():
            return None
        try:
            state: dict[str, Any] = json.loads((self.run / "launcher.json").read_text("utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        return state

    def remember(self, state: Mapping[str, Any]) -> None:
        """Replace the state in one step, so that nobody reads half of it; it is for us alone."""
        draft = self.run / "launcher.json.new"
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(state, file)
        draft.replace(self.run / "launcher.json")


def home() -> Home:
    """The folder of SPACES_HOME, or ``var/`` beside the launcher."""
    return Home(Path(os.environ.get("SPACES_HOME") or PROJECT / "var").absolute())


@dataclass(frozen=True)
class Addresses:
    """The ports of one run."""

    web: int
    media_http: int
    media_signals: int
    media_udp: int

    @property
    def base_url(self) -> str:
        """The public address of web."""
        return os.environ.get("SPACES_BASE_URL") or f"http://{LOOPBACK}:{self.web}"

    @property
    def media_url(self) -> str:
        """Where web forwards offers to."""
        return f"http://{LOOPBACK}:{self.media_http}"


def addresses() -> Addresses:
    """Free ports, from 8000 or SPACES_FIRST_PORT."""
    tcp, udp = socket.SOCK_STREAM, socket.SOCK_DGRAM
    return Addresses(*free_ports([tcp, tcp, tcp, udp], first=first_port()))


def first_port() -> int:
    """Where the search for free ports begins.

    :raises Trouble: if SPACES_FIRST_PORT is no number.
    """
    text = os.environ.get("SPACES_FIRST_PORT") or str(FIRST_PORT)
    if not text.isdecimal():
        raise Trouble(f"SPACES_FIRST_PORT is {text!r}. Set it to a number such as 8000.")
    return int(text)


def running_databases(state: Mapping[str, Any]) -> tuple[str, str]:
    """Where the log and the keys of the running launcher are.

    The addresses of an operator's own databases may hold passwords, so nobody writes them down.

    :raises Trouble: if they are not in the environment either.
    """
    if "database_url" in state:
        return state["database_url"], state["keys_database_url"]
    try:
        return os.environ["DATABASE_URL"], os.environ["KEYS_DATABASE_URL"]
    except KeyError as missing:
        raise Trouble(
            f"Spaces runs with databases of your own. Set {missing.args[0]} to what it was "
            "started with."
        ) from missing


def allowed_origins(base_url: str) -> str:
    """The public address; a page on this machine may also call it localhost."""
    address = urlsplit(base_url)
    if address.hostname != LOOPBACK:
        return base_url
    local = address._replace(netloc=address.netloc.replace(LOOPBACK, "localhost"))
    return f"{base_url} {local.geturl()}"


def variables(
    home: Home, places: Addresses, database_url: str, keys_database_url: str
) -> dict[str, str]:
    """The environment of every process: ours where the operator has not said otherwise."""
    ours = {
        "SPACES_PRESET": "launch",
        "SPACES_MEDIA_HOST": LOOPBACK,
        "SPACES_MEDIA_URL": places.media_url,
        "SPACES_MEDIA_SIGNALS": f"{LOOPBACK}:{places.media_signals}",
        "SPACES_BASE_URL": places.base_url,
        "SPACES_ALLOWED_ORIGINS": allowed_origins(places.base_url),
    }
    said = {name: value for name, value in os.environ.items() if value or name not in ours}
    return {
        **ours,
        **said,
        "SPACES_HOME": str(home.path),
        "SPACES_SECRETS": str(home.secrets),
        "DATABASE_URL": database_url,
        "KEYS_DATABASE_URL": keys_database_url,
        "PYTHONUNBUFFERED": "1",
    }
