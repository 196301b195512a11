"""Every client has every operation and every schema, and its brackets and texts end.

TypeScript is compiled in test_typescript.py, Kotlin in proofs/prove_kotlin_client.py. There is no
compiler of Swift to be had on a plain machine: this is all that is known of it here.
"""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from spaces_project.interface.clients import model
from spaces_project.interface.clients.write import LANGUAGES, client_files

CLOSES = {")": "(", "]": "[", "}": "{"}
QUIET = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.[^\']*|[^\'\\\n])\'', re.DOTALL)


def open_brackets(text: str) -> list[str]:
    """Return the brackets that are not closed, or the first that closes nothing."""
    waiting: list[str] = []
    for letter in QUIET.sub("", text):
        if letter in CLOSES.values():
            waiting.append(letter)
        elif letter in CLOSES and (not waiting or waiting.pop() != CLOSES[letter]):
            return [letter]
    return waiting


@pytest.mark.parametrize("language", ["swift", "kotlin"])
def test_brackets_are_closed(language: str) -> None:
    for name, text in client_files(language).items():
        assert open_brackets(text) == [], name
        assert '"' not in QUIET.sub("", text), name


def test_an_open_bracket_is_found() -> None:
    text = client_files("kotlin")["src/main/kotlin/spaces/Operations.kt"]

    assert open_brackets(text + "fun broken(")
    assert open_brackets(text + "}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_operation_and_every_object_is_there(language: str) -> None:
    text = "\n".join(client_files(language).values())
    names = {name for name, schema in model.schemas().items() if schema.get("properties")}

    assert [call.id for call in model.calls() if not _has_function(text, call.id)] == []
    assert [name for name in names if not re.search(rf"(struct|class|type) {name}\b", text)] == []


def _has_function(text: str, name: str) -> bool:
    return (
        re.search(rf"(func|fun|function) (SpacesClient\.)?{model.camel(name)}\(", text) is not None
    )


def test_they_are_written_where_one_wants_them(tmp_path: Path) -> None:
    call_command("write_clients", folder=tmp_path, verbosity=0)

    for language in LANGUAGES:
        for name, text in client_files(language).items():
            assert (tmp_path / language / name).read_text("utf-8") == text
