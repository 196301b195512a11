"""The compiler of TypeScript and a websocket for old Nodes: by npm, kept in var/."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

from spaces_project.launcher.environment import PROJECT

_HERE: Final = Path(__file__).parent / "typescript"
_CACHE: Final = PROJECT / "var" / "clients"


def modules() -> Path:
    """Return the folder of the installed modules, installing them where they are missing.

    A test without them would prove nothing: what cannot be installed fails, and says so.
    """
    _CACHE.mkdir(parents=True, exist_ok=True)
    wanted = (_HERE / "package.json").read_text("utf-8")
    done = _CACHE / "installed.json"
    if not done.is_file() or done.read_text("utf-8") != wanted:
        shutil.copy(_HERE / "package.json", _CACHE)
        words = [
            "npm",
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--no-package-lock",
        ]
        said = subprocess.run(words, cwd=_CACHE, capture_output=True, text=True, check=False)
        assert said.returncode == 0, f"npm cannot install TypeScript: {said.stderr[-500:]}"
        done.write_text(wanted, "utf-8")
    return _CACHE / "node_modules"


def compiled(client: Path) -> None:
    """Compile a client where it stands, and link the modules beside it."""
    (client / "node_modules").symlink_to(modules())
    compiler = client / "node_modules" / "typescript" / "bin" / "tsc"
    said = subprocess.run(
        ["node", str(compiler), "-p", "."], cwd=client, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout[-3000:]


def evening(client: Path, base_url: str) -> str:
    """Let the compiled client go through an evening; return what it printed."""
    shutil.copy(_HERE / "evening.mjs", client)
    said = subprocess.run(
        ["node", "evening.mjs", base_url],
        cwd=client,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert said.returncode == 0, said.stderr[-3000:]
    return said.stdout
