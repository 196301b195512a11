"""Write the clients into a folder: what is generated beside what is the same for every server."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from spaces_project.interface.clients import kotlin, swift, typescript

RUNTIME: Final = Path(__file__).parent / "runtime"
LANGUAGES: Final[dict[str, Callable[[], dict[str, str]]]] = {
    "typescript": typescript.files,
    "swift": swift.files,
    "kotlin": kotlin.files,
}


def client_files(language: str) -> dict[str, str]:
    """Return every file of a client, by path."""
    folder = RUNTIME / language
    same = {
        str(path.relative_to(folder)): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    return {**same, **LANGUAGES[language]()}


def write_clients(folder: Path) -> list[Path]:
    """Write all clients; return what was written."""
    written = []
    for language in LANGUAGES:
        for name, text in client_files(language).items():
            path = folder / language / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            written.append(path)
    return written
