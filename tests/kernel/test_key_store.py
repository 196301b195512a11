"""Data keys: made once, kept apart, wrapped, destroyed for good."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import LiteralString
from uuid import UUID

import psycopg
import pytest
from cryptography.exceptions import InvalidTag

from spaces_project.kernel.database import connection_string, open_pool
from spaces_project.kernel.encryption import pseudonym
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.keys.secret_files import read_secret
from spaces_project.kernel.keys.store import (
    CACHE_S,
    KeyDestroyed,
    KeyStore,
    NoSuchKey,
    key_store,
)
from spaces_project.launcher.environment import PROJECT
from tests.kernel.jars import as_owner, at_once

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

RACES = 20
IN_ANOTHER_PROCESS = """
import sys, django
from uuid import UUID
django.setup()
from spaces_project.kernel.keys.store import key_store
key_store().prefetch([])
print("ready", flush=True)
sys.stdin.readline()
for key_id in sys.argv[1:]:
    print(key_store().for_writing(UUID(key_id)).hex(), flush=True)
"""


AnotherStore = Callable[..., KeyStore]


@pytest.fixture
def another_store() -> Iterator[AnotherStore]:
    """Makes stores as other processes have them: nothing cached."""
    with ExitStack() as stack:

        def make(master: bytes | None = None) -> KeyStore:
            pool = stack.enter_context(open_pool("keys", most=2))
            return KeyStore(pool, master or read_secret("master.key"))

        yield make


def test_a_key_is_made_on_first_use_and_found_by_others(another_store: AnotherStore) -> None:
    key_id = new_id()

    key = key_store().for_writing(key_id)

    assert len(key) == 32
    assert another_store().for_reading(key_id) == key


def test_keys_live_in_another_database_than_the_log() -> None:
    found = {}
    for alias in ("default", "keys"):
        with psycopg.connect(connection_string(alias)) as connection:
            found[alias] = connection.execute(
                "SELECT to_regclass('log_events') IS NOT NULL, to_regclass('data_keys') IS NOT NULL"
            ).fetchone()

    assert found == {"default": (True, False), "keys": (False, True)}
    assert connection_string("default") != connection_string("keys")


def test_a_key_is_never_stored_in_plain() -> None:
    key_id = new_id()
    key = key_store().for_writing(key_id)

    with as_owner("keys") as keys:
        rows = keys.execute("SELECT wrapped FROM data_keys").fetchall()

    assert [key in bytes(wrapped) for (wrapped,) in rows] == [False]


def test_a_key_wrapped_under_another_master_key_is_refused(another_store: AnotherStore) -> None:
    key_id = new_id()
    another_store(os.urandom(32)).for_writing(key_id)

    with pytest.raises(InvalidTag):
        key_store().for_reading(key_id)


def test_a_wrapped_key_moved_to_another_id_is_refused(another_store: AnotherStore) -> None:
    one, two = new_id(), new_id()
    key_store().make([one, two])
    with as_owner("keys") as keys:
        keys.execute(
            "UPDATE data_keys SET wrapped = (SELECT wrapped FROM data_keys WHERE key_id = %s)"
            " WHERE key_id = %s",
            (one, two),
        )

    with pytest.raises(InvalidTag):
        another_store().for_reading(two)


def test_a_destroyed_key_is_gone_and_not_made_again(another_store: AnotherStore) -> None:
    key_id = new_id()
    key_store().for_writing(key_id)

    key_store().destroy(key_id)

    for store in (key_store(), another_store()):
        with pytest.raises(KeyDestroyed):
            store.for_reading(key_id)
        with pytest.raises(KeyDestroyed):
            store.for_writing(key_id)
    with as_owner("keys") as keys:
        assert keys.execute("SELECT wrapped FROM data_keys").fetchall() == [(None,)]


def test_a_key_destroyed_before_its_first_use_is_never_made() -> None:
    key_id = new_id()

    key_store().destroy(key_id)
    key_store().destroy(key_id)

    with pytest.raises(KeyDestroyed):
        key_store().for_writing(key_id)


def test_a_key_that_never_was_is_not_a_destroyed_one() -> None:
    with pytest.raises(NoSuchKey):
        key_store().for_reading(new_id())


def test_a_process_that_knows_a_destroyed_key_forgets_it_within_a_minute(
    monkeypatch: pytest.MonkeyPatch, another_store: AnotherStore
) -> None:
    key_id, other = new_id(), another_store()
    key_store().for_writing(key_id)
    monkeypatch.setattr("spaces_project.kernel.keys.store.time.monotonic", lambda: 1000.0)
    other.for_reading(key_id)
    key_store().destroy(key_id)

    monkeypatch.setattr("spaces_project.kernel.keys.store.time.monotonic", lambda: 1000.1 + CACHE_S)

    assert CACHE_S <= 60
    with pytest.raises(KeyDestroyed):
        other.for_reading(key_id)


def test_threads_that_race_for_a_key_get_the_same(another_store: AnotherStore) -> None:
    stores = [another_store() for _ in range(4)]
    for _ in range(RACES):
        key_id = new_id()

        keys = at_once([lambda s=store, k=key_id: s.for_writing(k) for store in stores])  # type: ignore[misc]

        assert len(set(keys)) == 1, keys


def test_many_keys_are_made_in_one_round_trip_and_opened_in_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    real = KeyStore._rows

    def rows(self: KeyStore, question: LiteralString, arguments: Sequence[object]) -> object:
        asked.append(question)
        return real(self, question, arguments)

    monkeypatch.setattr(KeyStore, "_rows", rows)
    key_ids = [new_id() for _ in range(5)]
    key_store().make(key_ids)
    assert len(asked) == 1

    found = key_store().ciphers({key_id.bytes for key_id in key_ids})
    assert len(asked) == 1
    assert found == {key_id.bytes: key_store().cipher(key_id) for key_id in key_ids}


def test_ciphers_tell_a_destroyed_key_from_one_that_never_was() -> None:
    there, gone, never = new_id(), new_id(), new_id()
    key_store().make([there, gone])
    key_store().destroy(gone)

    found = key_store().ciphers({there.bytes, gone.bytes, never.bytes})

    assert found.keys() == {there.bytes, gone.bytes}
    assert found[gone.bytes] is None
    assert [key_store().is_at_hand(k) for k in (there, gone, never)] == [True, False, False]


def test_a_key_that_was_read_before_it_was_destroyed_here_is_not_kept() -> None:
    key_id, store = new_id(), key_store()
    store.make([key_id])
    read_before = store._cached[key_id.bytes]
    store.destroy(key_id)

    store._keep(key_id.bytes, read_before)

    with pytest.raises(KeyDestroyed):
        store.for_reading(key_id)


def test_a_server_that_ended_its_connections_is_asked_by_a_new_one() -> None:
    key_id = new_id()
    key_store().make([new_id()])
    with psycopg.connect(connection_string("keys"), autocommit=True) as killer:
        killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    assert len(key_store().for_writing(key_id)) == 32


def test_what_is_too_old_to_be_used_does_not_stay_in_memory(
    monkeypatch: pytest.MonkeyPatch, another_store: AnotherStore
) -> None:
    store, old, young = another_store(), new_id(), new_id()
    clock = [1000.0]
    monkeypatch.setattr("spaces_project.kernel.keys.store.time.monotonic", lambda: clock[0])
    store.for_writing(old)
    clock[0] += CACHE_S + 1
    store.for_writing(young)

    assert list(store._cached) == [young.bytes]


@pytest.mark.alone
def test_two_processes_that_race_for_keys_get_the_same() -> None:
    key_ids = [str(UUID(int=number)) for number in range(1, RACES + 1)]
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", IN_ANOTHER_PROCESS, *key_ids],
            cwd=PROJECT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "spaces_project.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    one, two = (racer.communicate(timeout=20)[0].split() for racer in racers)

    assert len(one) == RACES
    assert one == two


def test_what_is_made_from_a_key_goes_with_it() -> None:
    key_id, store = new_id(), key_store()
    pseudonym(key_id, b"ana")
    assert list(store._cached[key_id.bytes].derived) == [b"pseudonyms"]

    store.destroy(key_id)

    assert store._cached[key_id.bytes].derived == {}
    with pytest.raises(KeyDestroyed):
        pseudonym(key_id, b"ana")


def test_a_forked_process_has_a_key_store_of_its_own() -> None:
    key_id, mine = new_id(), key_store()
    key = mine.for_writing(key_id)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            own = key_store()
            code = 0 if own.for_reading(key_id) == key and own._pool is not mine._pool else 2
        finally:
            os._exit(code)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    mine._cached.clear()
    assert key_store().for_reading(key_id) == key, "the parent's connections are as they were"
