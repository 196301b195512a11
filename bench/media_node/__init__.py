"""The media node of this project as a server of its own, without Django and without a database."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.harness import next_word, running


@dataclass(frozen=True)
class Address:
    """The addresses of its rooms, and the tokens of those who may speak in any of them."""

    rooms: Sequence[str]
    speakers: Sequence[str]


@contextmanager
def serving(folder: Path, *, speakers: int = 1) -> Iterator[tuple[int, Address]]:
    """Run a media node; give its process id and its address."""
    log = folder / "media-node.log"
    command = [sys.executable, "-m", "bench.media_node", str(speakers)]
    with running("media node", command, log=log) as process:
        yield process.pid, next_word(process, Address, log)
