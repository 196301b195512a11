"""Servers to compare sockets with: Node's ``ws``, and a bare loop of ``send()`` in C.

Both send every line that they are told to all their clients, and answer with the time at which they
began (ns, ``time.monotonic_ns()``).
"""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.socket_crowd import compiled
from bench.socket_crowd.conversation import Conversation, conversing
from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.trouble import Trouble

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "cc": ("gcc", "libc6-dev"),
    "node": ("nodejs",),
    "npm": ("npm",),
}
WS: Final = "8.23.0"  # package.json has it too; a test compares
_HERE: Final = Path(__file__).parent
_CACHE: Final = PROJECT / "var" / "bench" / "sockets"


@dataclass(frozen=True)
class Peer:
    """A server that runs."""

    name: str
    port: int
    talk: Conversation

    def broadcast(self, words: str) -> int:
        """Let it send a message to all its clients; return when it began (ns)."""
        return int(self.talk.ask(words))


@contextmanager
def node_ws(folder: Path) -> Iterator[Peer]:
    """Run a server on Node's ``ws``."""
    modules = ensure_ws()
    command = ["node", str(_HERE / "ws_server.js")]
    with _serving(f"Node ws {WS}", command, folder, {"NODE_PATH": str(modules)}) as peer:
        yield peer


@contextmanager
def floor(folder: Path) -> Iterator[Peer]:
    """Run the loop in C: no server can do less."""
    program = compiled(_HERE / "floor.c", folder / "floor")
    with _serving("send() in C", [str(program)], folder, {}) as peer:
        yield peer


@contextmanager
def _serving(
    name: str, command: list[str], folder: Path, environment: Mapping[str, str]
) -> Iterator[Peer]:
    path = {"PATH": str(Path(command[0]).parent)} if Path(command[0]).is_absolute() else _path()
    with conversing(command, folder / "peer.log", {**path, **environment}) as talk:
        yield Peer(name, int(talk.read()), talk)


def _path() -> dict[str, str]:
    found = shutil.which("node")
    return {"PATH": str(Path(found).parent)} if found else {}


def ensure_ws() -> Path:
    """Install ``ws`` where it is missing; return the folder of the modules.

    :raises Trouble: if npm cannot.
    """
    modules = _CACHE / "node_modules"
    if not (modules / "ws").exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        shutil.copy(_HERE / "package.json", _CACHE)
        command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
        said = subprocess.run(command, cwd=_CACHE, capture_output=True, text=True, check=False)
        if said.returncode != 0:
            raise Trouble(f"npm cannot install ws {WS}: {said.stderr.strip()[-300:]}")
    return modules
