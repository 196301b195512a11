"""Small files and small functions: what does not fit has two subjects."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import PROJECT, source_files

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
PYTHON = source_files(".py")
SCRIPTS = source_files(".js", ".mjs")
STYLES = source_files(".css")
JS_FUNCTION = re.compile(
    r"^\s*(?:export\s+)?(?:default\s+)?(?:static\s+)?(?:async\s+)?"
    r"(?:function\b[^{]*|(?!if\b|for\b|while\b|switch\b|catch\b|with\b)[#\w]+\s*\([^;]*\)\s*|"
    r"(?:const|let)\s+\w+\s*=\s*(?:async\s*)?\([^)]*\)\s*=>\s*)\{\s*$"
)


def test_no_file_and_no_function_is_long() -> None:
    long: dict[str, int] = {}
    for path in [*PYTHON, *SCRIPTS, *STYLES]:
        text = (PROJECT / path).read_text("utf-8")
        if len(text.splitlines()) > LONGEST_FILE:
            long[str(path)] = len(text.splitlines())
        for name, size in _functions(path, text):
            if size > LONGEST_FUNCTION:
                long[f"{path}: {name}"] = size

    assert long == {}


def test_most_files_are_short() -> None:
    sizes = sorted(len((PROJECT / path).read_text("utf-8").splitlines()) for path in PYTHON)

    assert sizes[int(len(sizes) * 0.9)] <= 200


def test_functions_of_scripts_are_measured_without_those_inside_them() -> None:
    text = "export class A {\n  async #go(x) {\n    if (x) {\n    }\n  }\n}\n"
    nested = "function a() {\n  function b() {\n    c();\n  }\n  return b;\n}\n"

    assert list(_script_functions(text)) == [("async #go(x) {", 4)]
    assert list(_script_functions(nested)) == [("function a() {", 3), ("function b() {", 3)]


def _functions(path: Path, text: str) -> Iterator[tuple[str, int]]:
    if path.suffix != ".py":
        yield from _script_functions(text) if path.suffix != ".css" else ()
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1


def _script_functions(text: str) -> Iterator[tuple[str, int]]:
    """Functions, each without the lines of the functions inside it.

    What holds functions over shared state is a class by another name, and measured like one.
    """
    lines = text.splitlines()
    spans = [(first, _end(lines, first)) for first in range(len(lines)) if _opens(lines[first])]
    for first, last in spans:
        inside: set[int] = set()
        for start, end in spans:
            if first < start and end < last:
                inside.update(range(start, end + 1))
        yield lines[first].strip(), last - first + 1 - len(inside)


def _opens(line: str) -> bool:
    return JS_FUNCTION.match(line) is not None


def _end(lines: list[str], first: int) -> int:
    """Where a line closes the function at its own indentation."""
    indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
    for last in range(first + 1, len(lines)):
        if re.match(rf"{indent}\}}", lines[last]):
            return last
    return first
