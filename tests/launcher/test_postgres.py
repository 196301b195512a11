"""The embedded clusters: durable, private, made whole, taken over from a killed run."""

import os
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from spaces_project.launcher import system_user
from spaces_project.launcher.children import Account, ChildProcess, spawn
from spaces_project.launcher.migrations import fingerprint
from spaces_project.launcher.postgres import Cluster, keys_cluster, log_cluster


@contextmanager
def serving(cluster: Cluster) -> Iterator[ChildProcess]:
    server = spawn(cluster.program(), subprocess.DEVNULL, subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while not cluster.is_ready(server.pid):
            assert server.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield server
    finally:
        server.send_signal(cluster.program().stop_signal)
        server.wait(20)


def setting(cluster: Cluster, name: str) -> str:
    with psycopg.connect(cluster.url) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def test_what_is_acknowledged_is_on_disk(tmp_path: Path) -> None:
    cluster = log_cluster(tmp_path)
    cluster.prepare()

    with serving(cluster):
        for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            assert setting(cluster, name) == "on", name
        assert setting(cluster, "shared_buffers") == "128MB"
        assert setting(cluster, "max_connections") == "100"


def test_nobody_else_reaches_the_databases(tmp_path: Path) -> None:
    cluster = keys_cluster(tmp_path, durable=False)
    cluster.prepare()

    with serving(cluster):
        assert setting(cluster, "listen_addresses") == ""
        socket = cluster.sockets / ".s.PGSQL.5432"
        assert stat.S_IMODE(socket.stat().st_mode) & 0o077 == 0
        assert stat.S_IMODE(cluster.folder.stat().st_mode) == 0o700


def test_a_path_too_long_for_a_socket_gets_a_short_one(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    cluster = keys_cluster(deep, durable=False)
    cluster.prepare()

    assert len(os.fsencode(cluster.sockets)) < 80
    with serving(cluster):
        assert setting(cluster, "port") == "5432"
    cluster.sockets.rmdir()


def test_half_a_cluster_is_thrown_away(tmp_path: Path) -> None:
    cluster = keys_cluster(tmp_path, durable=False)
    half = tmp_path / "keys.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18")

    cluster.prepare()

    assert not half.exists()
    with serving(cluster):
        assert setting(cluster, "server_encoding") == "UTF8"


def test_a_server_of_a_killed_run_makes_room(tmp_path: Path) -> None:
    cluster = keys_cluster(tmp_path, durable=False)
    cluster.prepare()

    with serving(cluster) as stray:
        cluster.retire_stray()
        assert stray.wait(5) == 0
        with serving(cluster) as server:
            assert server.pid != stray.pid


def test_a_killed_server_starts_again_on_the_same_folder(tmp_path: Path) -> None:
    cluster = keys_cluster(tmp_path, durable=False)
    cluster.prepare()
    with serving(cluster) as server:
        server.kill()
        server.wait()
    cluster.retire_stray()

    with serving(cluster):
        assert setting(cluster, "fsync") == "off"


def test_a_folder_of_somebody_else_is_named_when_it_is_made_passable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outside, ours = tmp_path / "outside", tmp_path / "outside" / "spaces"
    ours.mkdir(parents=True)
    outside.chmod(0o700)
    ours.chmod(0o700)
    monkeypatch.setenv("SPACES_HOME", str(ours))
    monkeypatch.setattr(system_user, "system_account", lambda: Account(1, 1))

    system_user.let_pass(ours)
    first = capsys.readouterr().err
    system_user.let_pass(ours)

    assert f"{outside} may be passed through" in first
    assert str(ours) not in first
    assert [stat.S_IMODE(each.stat().st_mode) for each in (outside, ours)] == [0o701, 0o701]
    assert capsys.readouterr().err == "", "said once"


def test_the_fingerprint_follows_migrations_and_databases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("KEYS_DATABASE_URL")
    project, cluster = tmp_path / "project", keys_cluster(tmp_path)
    migration = project / "app" / "migrations" / "0001_initial.py"
    migration.parent.mkdir(parents=True)
    cluster.folder.mkdir()
    for path in (project / "app" / "__init__.py", project / "requirements.txt", migration):
        path.touch()
    identity = cluster.folder / "spaces.identity"
    identity.write_text("one")

    first = fingerprint([cluster], project)
    assert fingerprint([cluster], project) == first

    migration.write_text("operations = []")
    second = fingerprint([cluster], project)
    assert second != first

    identity.write_text("two")
    assert fingerprint([cluster], project) != second


def test_an_operators_own_database_is_always_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///a")

    assert fingerprint([]) is None
