"""Commands of manage.py as something to start."""

import sys

from spaces_project.launcher.children import Program
from spaces_project.launcher.environment import PROJECT


def manage(
    command: str, *words: object, variables: dict[str, str], name: str | None = None
) -> Program:
    """Return a command of manage.py as something to start.

    :param name: what it is called, where there are several of it.
    """
    return Program(
        name=name or command,
        command=(sys.executable, "manage.py", command, *map(str, words)),
        environment=variables,
        folder=PROJECT,
    )
