"""Payloads and texts: sealed to where they stand."""

import pytest

from spaces_project.kernel.encryption import (
    Tampered,
    key_of,
    open_payload,
    open_text,
    pseudonym,
    seal_payload,
    seal_text,
)
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.keys.store import KeyDestroyed, key_store

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

PLAIN = b"what was said"


def test_a_payload_opens_where_it_was_sealed() -> None:
    key_id = new_id()
    sealed = seal_payload(PLAIN, key_id, b"here")

    assert open_payload(sealed, b"here") == PLAIN
    assert key_of(sealed) == key_id
    assert PLAIN not in sealed
    assert seal_payload(PLAIN, key_id, b"here") != sealed


def test_a_payload_opens_nowhere_else() -> None:
    sealed = seal_payload(PLAIN, new_id(), b"here")

    with pytest.raises(Tampered):
        open_payload(sealed, b"there")


@pytest.mark.parametrize("length", [0, 1, 16, 28, 29, 40])
def test_what_is_cut_short_is_refused(length: int) -> None:
    sealed = seal_payload(PLAIN, new_id(), b"here")

    with pytest.raises(Tampered):
        open_payload(sealed[:length], b"here")


def test_no_flipped_bit_is_let_through() -> None:
    sealed = seal_payload(PLAIN, new_id(), b"here")
    for place in range(len(sealed)):
        for bit in (1, 128):
            altered = bytearray(sealed)
            altered[place] ^= bit
            with pytest.raises(Tampered):
                open_payload(bytes(altered), b"here")


def test_a_payload_does_not_open_under_another_rooms_key() -> None:
    key_id, other = new_id(), new_id()
    key_store().make([other])
    sealed = seal_payload(PLAIN, key_id, b"here")

    with pytest.raises(Tampered):
        open_payload(sealed[:1] + other.bytes + sealed[17:], b"here")


def test_a_payload_is_gone_with_its_key() -> None:
    key_id = new_id()
    sealed = seal_payload(PLAIN, key_id, b"here")
    key_store().destroy(key_id)

    with pytest.raises(KeyDestroyed):
        open_payload(sealed, b"here")


def test_the_same_text_at_the_same_place_is_the_same_bytes() -> None:
    key_id = new_id()
    sealed = seal_text("Grüße", key_id, "room.description")

    assert seal_text("Grüße", key_id, "room.description") == sealed
    assert open_text(sealed, key_id, "room.description") == "Grüße"
    assert seal_text("Grüße", key_id, "room.note") != sealed
    assert seal_text("Grüße", new_id(), "room.description") != sealed


def test_a_text_moved_or_altered_is_refused_by_the_name_of_its_place() -> None:
    key_id, other = new_id(), new_id()
    key_store().make([other])
    sealed = seal_text("Grüße", key_id, "room.description")

    for bad, of, place in (
        (sealed, key_id, "room.note"),
        (sealed, other, "room.description"),
        (sealed, new_id(), "room.description"),
        (bytes([sealed[0] ^ 1]) + sealed[1:], key_id, "room.description"),
    ):
        with pytest.raises(Tampered, match=place):
            open_text(bad, of, place)


def test_a_text_is_nothing_once_its_key_is_gone() -> None:
    key_id = new_id()
    sealed = seal_text("Grüße", key_id, "room.description")
    key_store().destroy(key_id)

    assert open_text(sealed, key_id, "room.description") is None


def test_a_pseudonym_is_stable_and_needs_the_key() -> None:
    key_id, name = new_id(), b"ana"
    found = pseudonym(key_id, name)

    assert pseudonym(key_id, name) == found
    assert found.version == 8
    assert pseudonym(key_id, b"bo") != found
    assert pseudonym(new_id(), name) != found
    key_store().destroy(key_id)
    with pytest.raises(KeyDestroyed):
        pseudonym(key_id, name)
