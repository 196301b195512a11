"""The user that PostgreSQL runs as: whoever we are, but never root, which it refuses to be."""

import contextlib
import os
import pwd
import stat
import subprocess
from pathlib import Path

from spaces_project.launcher.children import Account
from spaces_project.launcher.environment import PROJECT, home
from spaces_project.launcher.printing import Printer
from spaces_project.launcher.trouble import Trouble

SYSTEM_USER = "spaces-postgres"


def system_account() -> Account | None:
    """Whom PostgreSQL runs as: it refuses to be root; otherwise it is whoever we are."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        entry = _make_system_user()
    return Account(entry.pw_uid, entry.pw_gid)


def let_pass(*folders: Path) -> None:
    """Let PostgreSQL's own user through (not into) the folders above its data and binaries.

    A folder that is not ours is named when it is changed.
    """
    if system_account() is None:
        return
    ours = (PROJECT, home().path)
    for start in folders:
        for each in (start, *start.parents):
            if not each.stat().st_mode & stat.S_IXOTH:
                each.chmod(each.stat().st_mode | stat.S_IXOTH)
                if not any(each.is_relative_to(folder) for folder in ours):
                    Printer().say(
                        f"{each} may be passed through by everybody from now on (chmod o+x), "
                        f"because PostgreSQL runs as {SYSTEM_USER}."
                    )


def give(folder: Path) -> None:
    """Make PostgreSQL's own user the owner."""
    account = system_account()
    if account is not None:
        os.chown(folder, account.uid, account.gid)


def _make_system_user() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    try:
        subprocess.run([*command, SYSTEM_USER], check=True, capture_output=True)
        return pwd.getpwnam(SYSTEM_USER)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        # Two launchers at once: the other one may have made it.
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(SYSTEM_USER)
        raise Trouble(
            "PostgreSQL does not run as root, and no user could be made for it. Start ./spaces "
            f"as another user, or type: useradd --system {SYSTEM_USER}"
        ) from error
