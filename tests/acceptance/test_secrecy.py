"""What people write is ciphertext before it reaches disk or log, and stays bound to its place."""

import base64
import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import psycopg
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.acceptance.clients import sign_in_by_code
from tests.acceptance.house import (
    Event,
    House,
    altered,
    events_of_the_last_room,
    handle_of,
    hold_a_room,
    misuse,
    rebuild,
)
from tests.acceptance.views import dump_views
from tests.product import Product, running

pytestmark = pytest.mark.alone

WORDS: Final = 20
NONCE_BYTES: Final = 12
# Where a byte is flipped: the envelope's version, its key id, its nonce, its ciphertext, its tag.
PLACES: Final = {"version": 0, "key id": 9, "nonce": 20, "ciphertext": 35, "tag": -1}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("secrecy") / "home"
    with running(folder, "--no-demo", SPACES_PRESET="classic") as product:
        house = House(product)
        house.host = house.person("Ana")
        guests = [house.person(name) for name in ("Bo", "Cy", "Dee")]
        for guest in guests:
            house.room_id = hold_a_room(house, guest)
        misuse(house, guests[-1])
        code = product.manage("sign_in_link", handle_of(house.host)).strip().partition("code=")[2]
        house.secrets["sign-in code"] = code
        house.secrets["token by code"] = sign_in_by_code(product.base_url, code).token
        for path in (product.home.path / "secrets").iterdir():
            house.secrets[path.name] = path.read_text("ascii").strip()
        while len(house.planted) < WORDS:
            wish = {"title": house.title, "description": f"All about {house.plant()}."}
            house.host.must("POST", "rooms", wish)
        yield house


def checkpoint(product: Product) -> None:
    for url in (product.database_url, product.keys_database_url):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")


def found(folder: Path, needles: Mapping[str, bytes]) -> dict[str, list[str]]:
    """Return in which files below a folder each needle stands; what stands nowhere is left out."""
    places: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        with contextlib.suppress(FileNotFoundError):  # a server is at work in there
            if path.is_file():
                content = path.read_bytes()
                for name, needle in needles.items():
                    if needle in content:
                        places.setdefault(name, []).append(str(path.relative_to(folder)))
    return places


def needles(words: Mapping[str, str]) -> dict[str, bytes]:
    """The words in UTF-8, and in UTF-16 of either order: without the outer zero they are one."""
    wide = {f"{name} in UTF-16": text.encode("utf-16-le")[:-1] for name, text in words.items()}
    return {name: text.encode() for name, text in words.items()} | wide


def test_nothing_that_was_planted_is_on_disk(house: House) -> None:
    checkpoint(house.product)
    words = needles({text: text for text in house.planted})
    control = needles({"title": house.title})

    places = found(house.product.home.path, words | control)

    print(f"{WORDS} words in {len(words)} forms, found: {places}")
    assert len(house.planted) >= WORDS
    assert any(path.startswith("postgres/base/") for path in places["title"])
    assert any(path.startswith("postgres/pg_wal/") for path in places["title"])
    assert set(places) == {"title"}


def test_the_search_finds_either_order_of_utf_16(tmp_path: Path) -> None:
    for order in ("utf-16-le", "utf-16-be"):
        (tmp_path / order).write_bytes(b"\0\1" + "hidden here".encode(order) + b"\1\0")

    assert found(tmp_path, needles({"it": "hidden"})) == {
        "it in UTF-16": ["utf-16-be", "utf-16-le"]
    }


def test_no_line_and_no_file_tells_a_secret(house: House) -> None:
    told = house.product.said.read_bytes()
    words = {text: text for text in house.planted} | house.secrets
    in_lines = [name for name, needle in needles(words).items() if needle in told]
    in_files = found(house.product.home.path, needles(house.secrets))

    assert in_lines == []
    assert {name for name, paths in in_files.items() if paths != [f"secrets/{name}"]} == set()
    assert {"master.key", "token.key"} <= set(in_files)


def test_data_keys_are_not_where_the_data_is(house: House) -> None:
    checkpoint(house.product)
    master = base64.b64decode(house.secrets["master.key"])
    with psycopg.connect(house.product.keys_database_url) as connection:
        rows = connection.execute("SELECT key_id, wrapped FROM data_keys").fetchall()
    wrapped = {f"wrapped {key_id}": bytes(kept) for key_id, kept in rows}
    plain = {
        f"plain {key_id}": AESGCM(master).decrypt(
            kept[:NONCE_BYTES], kept[NONCE_BYTES:], key_id.bytes
        )
        for key_id, kept in rows
    }
    home = house.product.home.path

    assert len(rows) >= 3
    assert found(home / "postgres", {**wrapped, **plain, "master": master}) == {}
    assert set(found(home / "keys", {**wrapped, **plain, "master": master})) == set(wrapped)


def must_refuse(house: House, event: Event, **columns: object) -> None:
    """A rebuild of an altered log stops, says where, and leaves the views as they are."""
    before = dump_views(house.product.database_url)
    with altered(house, event, **columns):
        code, said = rebuild(house)
    assert code != 0, said
    assert event.name in said
    assert dump_views(house.product.database_url) == before


def test_the_log_refuses_to_be_written_over(house: House) -> None:
    event = events_of_the_last_room(house)[0]
    with (
        psycopg.connect(house.product.database_url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="append only"),
    ):
        connection.execute("UPDATE log_events SET state = %s", (event.flipped(-1),))


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_flipped_bit_is_refused_and_named(house: House, place: int) -> None:
    event = events_of_the_last_room(house)[1]

    must_refuse(house, event, state=event.flipped(place))


def test_a_ciphertext_moved_to_another_event_is_refused_and_named(house: House) -> None:
    created, started, joined, *_ = events_of_the_last_room(house)

    must_refuse(house, started, state=created.state)
    must_refuse(house, joined, topic="rooms.Left")


def test_what_is_put_right_works_again(house: House) -> None:
    event = events_of_the_last_room(house)[2]
    told = house.host.must("GET", f"rooms/{house.room_id}/events").body
    before = dump_views(house.product.database_url)
    with altered(house, event, state=event.flipped(-1)):
        seen = house.host.must("GET", f"rooms/{house.room_id}/events").body["events"]

    assert seen[2] == {"type": "redacted", "seq": 3}
    assert event.name in house.product.lines()
    assert house.host.must("GET", f"rooms/{house.room_id}/events").body == told
    assert rebuild(house)[0] == 0
    assert dump_views(house.product.database_url) == before
