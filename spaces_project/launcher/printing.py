"""What the person at the terminal reads: lines with the speaker's name, in colour on a terminal."""

import sys
import zlib
from typing import TextIO

COLOURS = (36, 32, 33, 35, 34, 96, 92, 93, 95, 94)
KNOWN = ("postgres", "keys", "migrate_all", "seed_demo", "web", "followers", "media")
WIDTH = 14


class Printer:
    """Writes to one stream and survives its end."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._in_colour = self._stream.isatty()

    def line(self, name: str, text: str) -> None:
        """Print what a program said."""
        label = f"{name:<{WIDTH}}"
        if self._in_colour:
            label = f"\x1b[{_colour(name)}m{label}\x1b[0m"
        self._write(f"{label}{text}")

    def say(self, text: str) -> None:
        """Print what the launcher itself has to say."""
        self.line("spaces", text)

    def _write(self, text: str) -> None:
        try:
            self._stream.write(f"{text}\n")
            self._stream.flush()
        except (OSError, ValueError):
            # Nobody reads any more; the programs go on until somebody stops them.
            self._stream = open("/dev/null", "w", encoding="utf-8")  # noqa: PTH123, SIM115


def _colour(name: str) -> int:
    if name in KNOWN:
        return COLOURS[KNOWN.index(name)]
    return COLOURS[zlib.crc32(name.encode()) % len(COLOURS)]
