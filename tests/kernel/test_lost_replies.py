"""A commit whose answer is lost on the way: found by its receipt, never guessed, never doubled."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from spaces_project.kernel import commands
from spaces_project.kernel.database import connection_parameters
from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log import datastore
from spaces_project.kernel.log.event_log import EventLog, event_log
from spaces_project.kernel.log.wish import idempotent
from tests.kernel import jars
from tests.kernel.jars import Jar, add, stored
from tests.kernel.postgres_proxy import PostgresProxy

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

CUTS = 30
MARK = b"tests.MarbleAdded"


@pytest.fixture
def proxy(databases: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostgresProxy]:
    """The log, reached through a way that loses replies."""
    del databases
    straight = connection_parameters()
    upstream = Path(straight["host"]) / f".s.PGSQL.{straight.get('port', '5432')}"
    with (
        tempfile.TemporaryDirectory(prefix="spaces-") as folder,  # a short path: it is a socket's
        monkeypatch.context() as patch,
    ):
        found = PostgresProxy(Path(folder), upstream)
        patch.setattr(datastore, "connection_parameters", lambda: {**straight, "host": folder})
        log = EventLog()
        patch.setattr(commands, "event_log", lambda: log)
        patch.setattr(jars, "event_log", lambda: log)
        yield found
        log.close()
        found.close()


@pytest.mark.parametrize("with_key", [True, False])
def test_the_answer_is_the_original_one_and_it_happened_once(
    proxy: PostgresProxy, with_key: bool
) -> None:
    jar_id = new_id()
    for number in range(1, CUTS + 1):
        proxy.lose_reply_to(MARK)
        # The jar is full with this marble: whoever decided anew would be refused.
        if with_key:
            with idempotent("ana", f"k{number}", b"{}"):
                receipt = add(jar_id=jar_id, most=number)
        else:
            receipt = add(jar_id=jar_id, most=number)

        assert (receipt.version, receipt.replayed) == (number, True)
        assert receipt.position == event_log().head()
    print(f"{proxy.cuts} replies to COMMIT lost")
    assert proxy.cuts == CUTS
    assert len(stored()) == CUTS
    assert event_log().load(Jar, jar_id).version == CUTS
