"""What a handle, a name, a bio and a password may be."""

import pytest

from accounts.domain.errors import (
    BioNotAllowed,
    HandleNotAllowed,
    NameNotAllowed,
    PasswordNotAllowed,
)
from accounts.domain.profile import RESERVED, bio_of, handle_of, name_of, password_of


@pytest.mark.parametrize(
    ("written", "kept"), [("ana", "ana"), (" Ana_7 ", "ana_7"), ("a" * 30, "a" * 30)]
)
def test_a_handle_is_kept_in_small_letters(written: str, kept: str) -> None:
    assert handle_of(written) == kept


@pytest.mark.parametrize(
    "written", ["", "an", "a" * 31, "a-b-c", "añá", "ana\n\n bo", "\u212aelvin", "a b", "ana\x00"]
)
def test_a_handle_of_another_shape_is_refused(written: str) -> None:
    with pytest.raises(HandleNotAllowed) as refused:
        handle_of(written)

    assert refused.value.facts["errors"][0]["pointer"] == "/handle"


@pytest.mark.parametrize("word", sorted(RESERVED | {"Admin", "STAFF"}))
def test_reserved_words_are_no_handles(word: str) -> None:
    with pytest.raises(HandleNotAllowed):
        handle_of(word)


def test_a_name_is_kept_composed_and_without_blanks_around_it() -> None:
    assert name_of("  Zoe\u0308 ") == "Zo\u00eb"


@pytest.mark.parametrize("name", ["N", "n" * 50, "李雷", "Ana 🎙", "عمر"])
def test_any_script_makes_a_name(name: str) -> None:
    assert name_of(name) == name


@pytest.mark.parametrize(
    "name",
    ["", "   ", "n" * 51, "a\nb", "a\x00b", "a\u202eb", "\u200b\u200b", "a\ud800", "a\u2028b"],
)
def test_a_name_that_cannot_be_read_is_refused(name: str) -> None:
    with pytest.raises(NameNotAllowed):
        name_of(name)


def test_the_length_of_a_name_is_counted_after_composing() -> None:
    assert len(name_of("e\u0301" * 50)) == 50


def test_a_bio_may_be_empty_and_is_at_most_300_characters() -> None:
    assert bio_of("") == ""
    assert bio_of("b" * 300) == "b" * 300
    for bio in ("b" * 301, "a\x07b"):
        with pytest.raises(BioNotAllowed):
            bio_of(bio)


@pytest.mark.parametrize("password", ["", "seven77", "p" * 201, "with\x00zero", "somebody"])
def test_a_weak_or_unusable_password_is_refused(password: str) -> None:
    with pytest.raises(PasswordNotAllowed) as refused:
        password_of(password, "somebody")

    assert password not in str(refused.value.problem()) or not password


def test_a_password_is_the_same_from_every_keyboard() -> None:
    assert password_of("cafe\u0301 au lait") == password_of("caf\u00e9 au lait")
