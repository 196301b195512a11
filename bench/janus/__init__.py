"""Janus with one of its plugins, from Debian, tuned, on the loopback."""

import http.client
import json
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from bench.harness import running
from spaces_project.launcher.children import ChildProcess
from spaces_project.launcher.trouble import Trouble

# Programs on PATH -> Debian's packages.
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {"janus": ("janus",), "cc": ("gcc", "libc6-dev")}
READY_WITHIN_S: Final = 10.0
_HERE: Final = Path(__file__).parent
STREAMING: Final = "libjanus_streaming.so"
AUDIO_BRIDGE: Final = "libjanus_audiobridge.so"
BRIDGES: Final = (1, 2, 3)  # the rooms of its configuration
_HTTP: Final = "libjanus_http.so"


@dataclass(frozen=True)
class Address:
    """Where Janus listens."""

    http: int
    rtp: int
    version: str

    @property
    def url(self) -> str:
        """The HTTP interface."""
        return f"http://127.0.0.1:{self.http}/janus"


@contextmanager
def serving(folder: Path, plugin: str) -> Iterator[tuple[int, Address]]:
    """Run Janus with this plugin alone; give its process id and its address."""
    log = folder / "janus.log"
    http_port, rtp_port = _free_port(socket.SOCK_STREAM), _free_port(socket.SOCK_DGRAM)
    _configure(folder, plugin, http_port, rtp_port)
    command = ["janus", "--configs-folder", str(folder), "--config", str(folder / "janus.jcfg")]
    shim = {"LD_PRELOAD": str(_shim(folder))}
    # Its standard output is a log as well; nobody reads it, and a full pipe would stop it.
    command += ["--disable-stdout", "--log-file", str(log)]
    with running("Janus", command, log=folder / "janus.err", environment=shim) as process:
        yield process.pid, Address(http_port, rtp_port, _version(process, http_port, log))


def _configure(folder: Path, plugin: str, http_port: int, rtp_port: int) -> None:
    libraries = _libraries(plugin)
    facts = {
        "folder": folder,
        "libraries": libraries,
        "http_port": http_port,
        "rtp_port": rtp_port,
        "other_plugins": _all_but(plugin, libraries / "plugins"),
        "other_transports": _all_but(_HTTP, libraries / "transports"),
    }
    for template in _HERE.glob("*.jcfg"):
        text = Template(template.read_text("utf-8")).substitute(facts)
        (folder / template.name).write_text(text, "utf-8")


def _libraries(plugin: str) -> Path:
    for found in sorted(Path("/usr/lib").glob(f"**/janus/plugins/{plugin}")):
        return found.parents[1]
    raise Trouble(f"Janus is installed without {plugin}. Type: apt-get install janus")


def _all_but(name: str, folder: Path) -> str:
    return ",".join(sorted(each.name for each in folder.glob("*.so") if each.name != name))


def _shim(folder: Path) -> Path:
    library = folder / "only_loopback.so"
    if not library.exists():
        source = _HERE / "only_loopback.c"
        command = ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        if said.returncode != 0:
            raise Trouble(f"{source.name} cannot be compiled: {said.stderr.strip()}")
    return library


def _version(process: ChildProcess, port: int, log: Path) -> str:
    """Wait until Janus answers; return its version."""
    end = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < end and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/janus/info")
            version: str = json.loads(connection.getresponse().read())["version_string"]
        except OSError:
            time.sleep(0.05)
        else:
            return version
        finally:
            connection.close()
    words = log.read_text("utf-8", "replace").strip().splitlines() if log.exists() else []
    raise Trouble(f"Janus does not start: {words[-1] if words else 'no word'}")


def _free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
