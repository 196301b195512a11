"""What the log touches of its libraries without a promise: a new release that moves it fails here.

The versions are pinned exactly, so these tests speak when somebody raises one.
"""

import inspect
import tomllib
from importlib.metadata import version
from pathlib import Path

import psycopg
import psycopg_pool
import pytest
from eventsourcing.application import Application
from eventsourcing.persistence import (
    InfrastructureFactory,
    IntegrityError,
    OperationalError,
    RecordConflictError,
    StoredEvent,
)
from eventsourcing.postgres import (
    PostgresApplicationRecorder,
    PostgresDatastore,
    PostgresFactory,
)
from psycopg.errors import _WaitTimeout

from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log import writer
from spaces_project.kernel.log.datastore import LogDatastore
from spaces_project.kernel.log.event_log import EventLog, event_log
from spaces_project.kernel.log.library import LogFactory
from spaces_project.kernel.log.recorder import LogRecorder
from spaces_project.kernel.log.writer import BoundedConnection
from spaces_project.launcher.environment import PROJECT

PINNED = ("eventsourcing", "psycopg", "psycopg-pool")


@pytest.mark.parametrize("name", PINNED)
def test_what_is_touched_inside_is_pinned_exactly(name: str) -> None:
    listed = tomllib.loads(Path(PROJECT / "pyproject.toml").read_text("utf-8"))
    pins = [
        requirement.rpartition("==")[2]
        for requirement in listed["project"]["dependencies"]
        if requirement.partition("==")[0].partition("[")[0] == name
    ]

    assert pins == [version(name)]


def test_an_application_asks_three_methods_for_its_parts() -> None:
    for name in ("construct_factory", "construct_mapper", "construct_recorder"):
        assert callable(getattr(Application, name))
        assert name in EventLog.__dict__
    assert "env" in inspect.signature(Application.__init__).parameters


@pytest.mark.databases
@pytest.mark.usefixtures("databases")
def test_the_parts_are_ours() -> None:
    log = event_log()

    assert isinstance(log.factory, LogFactory)
    assert isinstance(log.factory.datastore, LogDatastore)
    assert isinstance(log.recorder, LogRecorder)
    assert log.recorder.datastore is log.factory.datastore
    assert log.recorder.events_table_name == "log_events"


def test_a_factory_makes_the_recorder_of_its_class_with_its_datastore() -> None:
    assert PostgresFactory.application_recorder_class is PostgresApplicationRecorder
    made = inspect.getsource(PostgresFactory.application_recorder)
    assert "type(self).application_recorder_class" in made
    assert "datastore=self.datastore" in made
    # LogFactory passes over PostgresFactory.__init__, which would make a datastore by variables.
    assert list(inspect.signature(InfrastructureFactory.__init__).parameters) == ["self", "env"]


@pytest.mark.databases
@pytest.mark.usefixtures("databases")
def test_the_library_makes_no_table_and_saves_by_insert_events_only() -> None:
    log = event_log()
    found = log.recorder.ask("SELECT count(*) FROM pg_type WHERE typname ~ '^_?stored_event'", ())

    assert found == [(0,)], "what the library makes with its tables"
    with pytest.raises(NotImplementedError):
        log.recorder.insert_events([StoredEvent(new_id(), 1, "tests.MarbleAdded", b"")])


@pytest.mark.databases
@pytest.mark.usefixtures("databases")
def test_a_datastore_connects_by_its_pools_words_and_class() -> None:
    datastore = LogDatastore()
    try:
        with datastore.get_connection() as connection:
            assert isinstance(connection, BoundedConnection)
            assert connection.autocommit
            assert connection.execute("SHOW lock_timeout").fetchone() == {"lock_timeout": "2s"}
        assert isinstance(datastore.pool, psycopg_pool.ConnectionPool)
        datastore.pool.check()
    finally:
        datastore.close()


@pytest.mark.databases
@pytest.mark.usefixtures("databases")
def test_a_datastore_translates_errors_and_keeps_their_cause() -> None:
    datastore = event_log().recorder.datastore
    with pytest.raises(OperationalError) as ended, datastore.get_connection() as connection:
        connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    assert isinstance(ended.value.__cause__, psycopg.OperationalError)
    assert issubclass(IntegrityError, RecordConflictError), "what commands wait for"


def test_a_datastore_is_closed_when_it_is_collected() -> None:
    # Hence a child keeps its parent's pool for ever: collecting it would hang up on the parent.
    assert "self.close()" in inspect.getsource(PostgresDatastore.__del__)


@pytest.mark.databases
@pytest.mark.usefixtures("databases")
def test_every_statement_of_a_connection_waits_in_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(inspect.signature(psycopg.Connection.wait).parameters) == [
        "self",
        "gen",
        "interval",
        "timeout",
    ]
    assert issubclass(_WaitTimeout, Exception)
    with event_log().recorder.datastore.connect() as connection:
        monkeypatch.setattr(writer, "ANSWER_S", 0.05)
        with pytest.raises(psycopg.OperationalError, match="does not answer"):
            connection.execute("SELECT pg_sleep(3)")
        assert connection.closed
