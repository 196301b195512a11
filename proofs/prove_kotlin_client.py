"""The Kotlin client compiles, by the compiler that npm has; it needs Java."""

import subprocess
from pathlib import Path

import pytest

from spaces_project.interface.clients.write import write_clients
from spaces_project.launcher.packages import NEEDED, ensure_packages
from tests.full_size import reached, tried

COMPILER = "kotlin-compiler@2.4.20"


@pytest.fixture(scope="module")
def compiler(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiler, 94 MB."""
    ensure_packages({**NEEDED, "java": ("default-jre-headless",)}, purpose="This proof")
    folder = tmp_path_factory.mktemp("kotlin")
    reached(f"fetching {COMPILER}")
    words = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", COMPILER]
    said = subprocess.run(words, cwd=folder, check=False, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr[-3000:]
    reached("compiling")
    return folder / "node_modules" / "kotlin-compiler" / "bin" / "kotlinc"


def compile_all(compiler: Path, folder: Path) -> tuple[int, str]:
    """Compile a client; return how it went, and what was said."""
    sources = [str(path) for path in folder.rglob("*.kt")]
    said = subprocess.run(
        ["bash", str(compiler), "-nowarn", *sources, "-d", str(folder / "out")],
        capture_output=True,
        text=True,
        check=False,
    )
    return said.returncode, said.stderr


def test_it_compiles(compiler: Path, tmp_path: Path) -> None:
    write_clients(tmp_path)
    code, said = compile_all(compiler, tmp_path / "kotlin")

    tried(1, "client", None, said[-3000:] or "it compiles")
    assert code == 0
    assert (tmp_path / "kotlin" / "out" / "spaces" / "SpacesClient.class").is_file()


def test_a_wrong_use_does_not(compiler: Path, tmp_path: Path) -> None:
    write_clients(tmp_path)
    wrong = tmp_path / "kotlin" / "src" / "main" / "kotlin" / "spaces" / "Wrong.kt"
    wrong.write_text("package spaces\n\nfun wrong(c: SpacesClient) = c.joinRoom(room = 7)\n")
    code, said = compile_all(compiler, tmp_path / "kotlin")

    assert code != 0
    assert "Wrong.kt" in said
