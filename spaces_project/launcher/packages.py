"""System programs that tests need: a browser, a voice, fonts; installed by apt where we may."""

import os
import shutil
import subprocess
import sys

from spaces_project.launcher.trouble import Trouble

# The program that shows that it is there -> Debian's packages.
NEEDED = {
    "chromium": ("chromium", "fonts-dejavu-core"),
    "espeak-ng": ("espeak-ng",),
}


def missing_packages() -> list[str]:
    """Name the packages whose program is not on PATH."""
    return [
        package
        for program, packages in NEEDED.items()
        if shutil.which(program) is None
        for package in packages
    ]


def ensure_packages() -> None:
    """Install what is missing.

    :raises Trouble: where that is impossible; a test is never skipped in silence for it.
    """
    wanted = missing_packages()
    if not wanted:
        return
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        sudo = "sudo " if os.geteuid() != 0 else ""
        raise Trouble(
            f"The tests need {' and '.join(wanted)}. "
            f"Type: {sudo}apt-get update && {sudo}apt-get install -y {' '.join(wanted)}"
        )
    sys.stdout.write(f"spaces: installing {' '.join(wanted)}\n")
    sys.stdout.flush()
    _apt("update", "-qq")
    _apt("install", "-y", "-qq", "--no-install-recommends", *wanted)
    if missing_packages():
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
