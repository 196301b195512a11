"""Who may import whom; the contracts themselves are in pyproject.toml."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.architecture.tree import PROJECT, source_files

FRAMEWORKS = {"channels", "daphne", "django", "psycopg", "rest_framework", "twisted"}
CLOCKS = {"time", "random", "secrets"}
DOMAIN = [
    path for path in source_files(".py") if "domain" in path.parts and "tests" not in path.parts
]


def test_every_import_contract_is_kept() -> None:
    # In a process of its own: libraries that other tests loaded confuse the tool.
    linted = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_the_domain_knows_no_framework_and_no_clock() -> None:
    found = {
        str(path): outside
        for path in DOMAIN
        if (outside := set(_imports(path)) & (FRAMEWORKS | CLOCKS))
    }

    assert found == {}


def test_the_launcher_needs_only_the_standard_library() -> None:
    ours = "spaces_project.launcher"
    for path in (PROJECT / "spaces_project" / "launcher").glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                first = node.module.partition(".")[0]
                assert first != "spaces_project" or node.module.startswith(ours), path
                assert first not in FRAMEWORKS, path


def _imports(path: Path) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse((PROJECT / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name.partition(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module.partition(".")[0])
    return found
