"""A process of the product's own commands: ``THREADS SECONDS GO``."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Let guests come and go until the time is over."""
    import django  # noqa: PLC0415 - reads the variables that the parent has set

    django.setup()
    from bench.command_crowd.asking import carry_on  # noqa: PLC0415
    from bench.command_crowd.guests import guests  # noqa: PLC0415

    carry_on(guests(threads=int(sys.argv[1])), float(sys.argv[2]), Path(sys.argv[3]))
    os._exit(0)  # pools that are still open would be waited for


if __name__ == "__main__":
    main()
