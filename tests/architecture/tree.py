"""The files of the project, as the tests of its shape see them."""

import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", ".venv", "var", "node_modules", "__pycache__"}


def tracked_files() -> list[Path]:
    """Everything that belongs to the project, whether committed yet or not."""
    said = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        check=False,
    )
    if said.returncode == 0:
        names = [Path(name) for name in said.stdout.decode().split("\0") if name]
    else:  # an archive without its history
        names = [path.relative_to(PROJECT) for path in PROJECT.rglob("*")]
    found = [path for path in names if not NOT_OURS.intersection(path.parts)]
    return sorted(path for path in found if (PROJECT / path).is_file())


def source_files(*suffixes: str) -> list[Path]:
    """Code that people write: no migrations, nothing vendored."""
    return [
        path
        for path in tracked_files()
        if path.suffix in suffixes and not {"migrations", "vendor"}.intersection(path.parts)
    ]
