"""The pages that are made from the code are what it says, all of it."""

import ast
import re
from html import unescape
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from rooms.announcements import TYPES
from spaces_project.kernel.catalogue import known_refusals, stored_events
from spaces_project.kernel.documents import sample, type_name
from spaces_project.kernel.entity import DomainEvent
from spaces_project.wiring import announced
from tests.architecture.tree import PROJECT, source_files

EVENTS = (PROJECT / "docs" / "events.md").read_text("utf-8")
PROBLEMS = (PROJECT / "docs" / "problems.md").read_text("utf-8")
CODE = re.compile(r"[a-z]+(-[a-z]+)*")


def written_refusals() -> set[str]:
    """Every code that stands in the source under a class whose base is Refusal."""
    found: set[object] = set()
    for path in source_files(".py"):
        if path.parts[0] in {"bench", "tests"}:  # nobody outside meets these
            continue
        for node in ast.walk(ast.parse((PROJECT / path).read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and "Refusal" in map(ast.unparse, node.bases):
                found.update(c.value for c in ast.walk(node) if isinstance(c, ast.Constant))
    return {code for code in found if isinstance(code, str) and CODE.fullmatch(code)}


@pytest.mark.parametrize("name", ["events.md", "problems.md", "policy-table.md"])
def test_a_stale_page_is_named(tmp_path: Path, name: str) -> None:
    call_command("write_docs", folder=tmp_path, verbosity=0)
    call_command("write_docs", folder=tmp_path, check=True)
    page = tmp_path / name
    page.write_text(page.read_text("utf-8").replace("the", "teh", 1), "utf-8")

    with pytest.raises(CommandError, match=rf"docs/{name} no longer say.* manage\.py write_docs"):
        call_command("write_docs", folder=tmp_path, check=True)


def test_missing_pages_are_named_both(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"docs/events\.md and docs/problems\.md"):
        call_command("write_docs", folder=tmp_path, check=True)


def test_every_field_of_every_stored_event_is_told() -> None:
    for topic, event_type in stored_events().items():
        section = EVENTS.split(f"### `{topic}`\n")[1].split("\n### ")[0]
        for name in set(event_type.__struct_fields__) - set(DomainEvent.__struct_fields__):
            assert f"| `{name}` |" in section, topic


def test_every_announcement_is_told_with_its_event() -> None:
    for event_type, words in TYPES.items():
        section = EVENTS.split(f"### `{event_type.TOPIC}`\n")[1].split("\n### ")[0]
        told = announced(sample(event_type)).values()

        assert f"`{words}`" in section
        assert all(f"`{frame['type']}`" in section for frame in told)
        assert all(f"`{member}`" in section for frame in told for member in frame.get("data", {}))


def test_every_refusal_in_the_source_is_told() -> None:
    codes = {refusal.code for refusal in known_refusals()}

    assert written_refusals() - codes == set()
    assert [code for code in sorted(codes) if f"## `{code}`\n" not in PROBLEMS] == []
    assert len(codes) == len(known_refusals())


def test_every_refusal_says_what_to_do_on_a_page_of_its_own() -> None:
    for refusal in known_refusals():
        response = Client().get(f"/problems/{refusal.code}")

        assert response.status_code == 200, refusal.code
        assert refusal.title in unescape(response.content.decode()), refusal.code


def test_a_type_without_a_name_cannot_be_documented() -> None:
    assert type_name(list[str]) == "list of text"
    with pytest.raises(TypeError, match="no document knows"):
        type_name(complex)
