"""Entry of ``python -m spaces_project.launcher``, called by ``./spaces``."""

import sys

from spaces_project.launcher.commands import run_command

if __name__ == "__main__":
    sys.exit(run_command(sys.argv[1:]))
