"""What the documents quote from the code stands in the code."""

import re
from collections.abc import Iterator

import pytest

from tests.architecture.tree import PROJECT

QUOTED = ("python", "js", "sql")
APPS = ("spaces_project", "accounts", "rooms", "media")


def folded(text: str) -> str:
    """Return a text with every run of white space as one space."""
    return re.sub(r"\s+", " ", text).strip()


def quotes() -> Iterator[tuple[str, str]]:
    """Yield page and passage; an ellipsis or a blank line separates passages."""
    for page in sorted((PROJECT / "docs").rglob("*.md")):
        for language, code in re.findall(r"```(\w+)\n(.*?)```", page.read_text(), re.DOTALL):
            if language in QUOTED:
                for passage in re.split(r"\n\s*(?:#|//|--)?\s*…\s*\n|\n\n", code):
                    if folded(passage):
                        yield page.name, folded(passage)


@pytest.fixture(scope="module")
def code() -> str:
    """All of the code, folded."""
    files = (f for app in APPS for f in (PROJECT / app).rglob("*") if f.suffix in {".py", ".js"})
    return " ".join(folded(file.read_text()) for file in files)


@pytest.mark.parametrize(("page", "passage"), list(quotes()))
def test_a_quoted_passage_stands_in_the_code(page: str, passage: str, code: str) -> None:
    assert passage in code, f"{page} quotes what is not there"
