"""The media node of this project as a server of its own, without Django and without a database."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.harness import next_word, running


@dataclass(frozen=True)
class Address:
    """Where the node listens, its only room, and who speaks in it."""

    http: int
    room: str
    speaker: str

    def url(self, kind: str) -> str:
        """Return where an offer is posted."""
        return f"http://127.0.0.1:{self.http}/api/v1/rooms/{self.room}/{kind}"


@contextmanager
def serving(folder: Path) -> Iterator[tuple[int, Address]]:
    """Run a media node; give its process id and its address."""
    log = folder / "media-node.log"
    with running("media node", [sys.executable, "-m", "bench.media_node"], log=log) as process:
        yield process.pid, next_word(process, Address, log)
