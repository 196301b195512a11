"""A process of many listeners of one room, more and more of them.

    python -m bench.light_peers.listeners DOOR --sizes 200 400 --seconds 5

At each size it prints a line of JSON when all are connected, hear something and counting begins,
and another one with what was heard when it is over.
"""

import argparse
import sys
import time
from typing import Final

from bench.light_peers.crowd import Crowd, tell
from bench.light_peers.doors import Door

WARM_UP_S: Final = 1.0


def main() -> int:
    """Join, hear, tell; once for every size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("door", type=Door.read)
    parser.add_argument("--sizes", type=int, nargs="+", required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--warm-up", type=float, default=WARM_UP_S, help="seconds at each size")
    wish = parser.parse_args()
    door: Door = wish.door
    crowd = Crowd(lambda peer, _number: door.listen(peer))
    try:
        for size in wish.sizes:
            connected = crowd.grow(size)
            time.sleep(wish.warm_up)
            tell(connected)
            tell(crowd.count(wish.seconds))
    except ValueError as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
