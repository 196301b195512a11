"""Texts that people write."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.domain.errors import BadText
from rooms.domain.texts import clean_text


@given(st.text(max_size=90))
def test_what_is_let_through_is_normal_trimmed_bounded_and_has_no_control_characters(
    text: str,
) -> None:
    try:
        cleaned = clean_text("title", text, 1, 70)
    except BadText:
        return
    assert cleaned == unicodedata.normalize("NFC", text).strip()
    assert 1 <= len(cleaned) <= 70
    assert not any(unicodedata.category(c) == "Cc" for c in cleaned if c != "\n")


@given(st.text(max_size=200))
def test_cleaning_what_is_clean_changes_nothing(text: str) -> None:
    try:
        cleaned = clean_text("title", text, 0, 200)
    except BadText:
        return
    assert clean_text("title", cleaned, 0, 200) == cleaned


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\x1bb", "a\rb", "a\tb", "a\x7fb", "a\x85b", "a\ud800b"]
)
def test_control_characters_and_half_characters_are_refused(text: str) -> None:
    with pytest.raises(BadText, match="title must not hold control characters"):
        clean_text("title", text, 1, 70)


def test_length_is_counted_after_composing() -> None:
    decomposed = "e\u0301" * 70

    assert clean_text("title", decomposed, 1, 70) == "\u00e9" * 70
    with pytest.raises(BadText) as no:
        clean_text("title", decomposed + "x", 1, 70)
    assert no.value.facts == {"member": "title", "limit": 70}


def test_a_line_may_break_where_there_is_room_for_lines() -> None:
    assert clean_text("description", "a\nb", 0, 10) == "a\nb"
    with pytest.raises(BadText, match="control characters"):
        clean_text("title", "a\nb", 0, 10, one_line=True)
