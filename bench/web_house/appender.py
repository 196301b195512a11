"""Lets a room's host press mute and unmute at a steady rate, in a process of its own.

Run as a module: ``python -m bench.web_house.appender ROOM HOST``. Each line of the standard input
is RATE SECONDS; the answer is JSON: for each seq the times (ns, ``time.monotonic_ns()``) at which
the command began and at which its commit was known.
"""

import json
import sys
import time
from uuid import UUID

import django


def main(room: str, host: str) -> None:
    """Answer line after line."""
    django.setup()
    from rooms import commands  # noqa: PLC0415 - the settings come first

    room_id, host_id, muted = UUID(room), UUID(host), True
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        rate, seconds = (float(word) for word in line.split())
        sent, began = {}, time.monotonic()
        for number in range(round(rate * seconds)):
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            at = time.monotonic_ns()
            change = commands.unmute if muted else commands.mute
            receipt = change(room_id=room_id, account_id=host_id, by=host_id)
            sent[receipt.seq] = (at, time.monotonic_ns())
            muted = not muted
        sys.stdout.write(f"{json.dumps(sent)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:3])
