"""The servers that sound is measured on: ours, and Janus with one or the other of its plugins."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import janus, media_node
from bench.harness import running
from bench.light_peers.doors import Door
from spaces_project.launcher.children import ChildProcess


@dataclass(frozen=True)
class Server:
    """A server that runs.

    :param doors: rooms of it, all alike.
    """

    name: str
    pid: int
    doors: tuple[Door, ...]

    @property
    def door(self) -> Door:
        """Its first room."""
        return self.doors[0]


Start = Callable[[ExitStack, Path], Server]


def our_node(stack: ExitStack, folder: Path, *, speakers: int = 1) -> Server:
    """Start a media node of ours, in whose rooms ``speakers`` people may be heard."""
    pid, address = stack.enter_context(media_node.serving(folder, speakers=speakers))
    doors = [Door("node", url, speakers=tuple(address.speakers)) for url in address.rooms]
    return Server("ours", pid, tuple(doors))


def janus_streaming(stack: ExitStack, folder: Path) -> Server:
    """Start Janus, forwarding what it gets."""
    pid, address = stack.enter_context(janus.serving(folder, janus.STREAMING))
    door = Door("streaming", address.url, rtp=address.rtp)
    return Server(f"Janus Streaming {address.version} (tuned)", pid, (door,))


def janus_bridge(stack: ExitStack, folder: Path) -> Server:
    """Start Janus, mixing for everybody."""
    pid, address = stack.enter_context(janus.serving(folder, janus.AUDIO_BRIDGE))
    doors = [Door("bridge", address.url, number) for number in janus.BRIDGES]
    return Server(f"Janus AudioBridge {address.version}", pid, tuple(doors))


def peers(program: str, *words: str, log: Path) -> AbstractContextManager[ChildProcess]:
    """Run one of the programs of light peers."""
    return running(program, [sys.executable, "-m", f"bench.light_peers.{program}", *words], log=log)
