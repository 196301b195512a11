"""Programs that tests need: a browser, a voice, fonts, Node; installed by apt where we may."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

from spaces_project.launcher.trouble import Trouble

# The program that shows that it is there -> Debian's packages.
NEEDED = {
    "chromium": ("chromium", "fonts-dejavu-core"),
    "espeak-ng": ("espeak-ng",),
    "node": ("nodejs",),
    "npm": ("npm",),
}


def missing_packages(needed: Mapping[str, tuple[str, ...]] = NEEDED) -> list[str]:
    """Name the packages whose program is not on PATH."""
    return [
        package
        for program, packages in needed.items()
        if shutil.which(program) is None
        for package in packages
    ]


def ensure_packages(
    needed: Mapping[str, tuple[str, ...]] = NEEDED, *, purpose: str = "The tests"
) -> None:
    """Install what is missing.

    :raises Trouble: where that is impossible; a test is never skipped in silence for it.
    """
    wanted = missing_packages(needed)
    if not wanted:
        return
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        sudo = "sudo " if os.geteuid() != 0 else ""
        raise Trouble(
            f"{purpose} cannot do without {' and '.join(wanted)}. "
            f"Type: {sudo}apt-get update && {sudo}apt-get install -y {' '.join(wanted)}"
        )
    sys.stdout.write(f"spaces: installing {' '.join(wanted)}\n")
    sys.stdout.flush()
    _apt("update", "-qq")
    _apt("install", "-y", "-qq", "--no-install-recommends", *wanted)
    if missing_packages(needed):
        raise Trouble(f"apt-get installed no {' or '.join(missing_packages())}.")


def _apt(*words: str) -> None:
    result = subprocess.run(
        ["apt-get", *words],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        check=False,
        capture_output=True,
        text=True,
    )
    if result.returncode != 0:
        said = (result.stderr or result.stdout).strip()
        raise Trouble(f"apt-get {words[0]} failed: {said}")
