"""Socket.IO with its Redis adapter: processes of Node, one Redis, a publisher of its own."""

import contextlib
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.harness import running
from bench.socket_crowd.conversation import Conversation, conversing
from spaces_project.launcher.environment import PROJECT
from spaces_project.launcher.trouble import Trouble

NEEDED: Final = {
    "node": ("nodejs",), "npm": ("npm",), "redis-server": ("redis-server",),
}  # fmt: skip
SOCKETIO: Final = "4.8.4"  # package.json has it too; a test compares
PATH: Final = "/socket.io/?EIO=4&transport=websocket"
HELLO: Final = "3"  # a pong: an event would be refused, as it comes before the connect is through
READY_WITHIN_S: Final = 10.0
_HERE: Final = Path(__file__).parent
_CACHE: Final = PROJECT / "var" / "bench" / "socket-pg"


@dataclass(frozen=True)
class Cluster:
    """Servers that share a room over Redis, and who publishes to it."""

    servers: tuple[tuple[int, int], ...]  # process id and port of each
    publisher: Conversation

    def publish(self, first: int, rate: float, seconds: float, size: int) -> dict[int, int]:
        """Publish at a steady rate; return when (ns) each message, by its number, set out."""
        said = json.loads(self.publisher.ask(f"{first} {rate} {seconds} {size}"))
        return {int(seq): int(at) for seq, at in said.items()}


@contextlib.contextmanager
def socketio(folder: Path, processes: int) -> Iterator[Cluster]:
    """Run Redis, servers and a publisher."""
    line, log = folder / "redis.sock", folder / "socketio.log"
    redis = ["redis-server", "--port", "0", "--unixsocket", str(line), "--save", "", "--dir"]
    environment = {
        "PATH": str(Path(shutil.which("node") or "").parent),
        "NODE_PATH": str(ensure_modules()),
        "REDIS": str(line),
    }
    with contextlib.ExitStack() as stack:
        stack.enter_context(running("redis", [*redis, str(folder)], log=log))
        deadline = time.monotonic() + READY_WITHIN_S
        while not line.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        servers = []
        for _ in range(processes):
            command = ["node", str(_HERE / "server.js")]
            talk = stack.enter_context(conversing(command, log, environment))
            servers.append((talk.pid, int(talk.read())))
        command = ["node", str(_HERE / "publisher.js")]
        publisher = stack.enter_context(conversing(command, log, environment))
        publisher.read()  # that it is ready
        yield Cluster(tuple(servers), publisher)


def ensure_modules() -> Path:
    """Install what is missing; return the folder of the modules.

    :raises Trouble: if npm cannot.
    """
    modules = _CACHE / "node_modules"
    if not (modules / "socket.io").exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        shutil.copy(_HERE / "package.json", _CACHE)
        command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
        said = subprocess.run(command, cwd=_CACHE, capture_output=True, text=True, check=False)
        if said.returncode != 0:
            raise Trouble(f"npm cannot install Socket.IO: {said.stderr.strip()[-300:]}")
    return modules
