"""However many ask at once, the connections to PostgreSQL are bounded."""

import concurrent.futures
import threading

import psycopg
import pytest

from spaces_project.kernel.database import connection_string
from tests.kernel.jars import eventually
from tests.kernel.processes import Person, Web, somebody

pytestmark = [pytest.mark.alone, pytest.mark.databases]

MOST = 40  # of a web process, as docs/operations.md says
MOST_TO_KEYS = 4
ASKING = 48
PEOPLE = 6  # who may wait four times each
ROUNDS = 3


class Watch(threading.Thread):
    """Counts a server's clients until told to stop."""

    def __init__(self, alias: str) -> None:
        super().__init__()
        self._alias = alias
        self.counts: list[int] = []
        self.enough = threading.Event()

    def run(self) -> None:
        """Count ten times a second."""
        with psycopg.connect(connection_string(self._alias), autocommit=True) as connection:
            while not self.enough.wait(0.1) or not self.counts:
                found = connection.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                ).fetchone()
                assert found
                self.counts.append(found[0])


def ask_in_every_way(web: Web, who: Person, room: str, number: int) -> list[int]:
    """Read, write and wait; return the statuses."""
    statuses = []
    for _ in range(ROUNDS):
        if number % 2:
            path = f"/api/v1/rooms/{room}/events?after=1000&wait=1"
            statuses.append(web.ask("GET", path, None, who).status)
        else:
            statuses.append(web.ask("GET", f"/api/v1/rooms/{room}", None, who).status)
            statuses.append(web.ask("POST", f"/api/v1/rooms/{room}/join", {}, who).status)
    return statuses


def is_live(web: Web, people: list[Person], room: str) -> bool:
    """Tell whether everybody finds the room, and it has begun."""
    answers = [web.ask("GET", f"/api/v1/rooms/{room}", None, who) for who in people]
    return all(each.status == 200 and each.json["state"] == "live" for each in answers)


def test_the_connections_of_a_web_process_are_bounded(web: Web, ana: Person) -> None:
    people = [somebody() for _ in range(PEOPLE)]
    opened = web.ask("POST", "/api/v1/rooms", {"title": "Tea"}, ana)
    room = opened.json["id"]
    web.ask("POST", f"/api/v1/rooms/{room}/start", {}, ana)
    assert eventually(lambda: is_live(web, people, room), within_s=30), "the views do not follow"
    watches = [Watch("default"), Watch("keys")]
    for watch in watches:
        watch.start()
    with concurrent.futures.ThreadPoolExecutor(ASKING) as pool:
        asked = [
            pool.submit(ask_in_every_way, web, people[n % PEOPLE], room, n) for n in range(ASKING)
        ]
        statuses = [status for each in asked for status in each.result()]
    for watch in watches:
        watch.enough.set()
        watch.join()
    grown, to_keys = (max(watch.counts) - watch.counts[0] for watch in watches)

    print(f"{ASKING} at once, {len(statuses)} answers: {grown} connections more, {to_keys} to keys")
    assert set(statuses) <= {200, 409, 429, 503}
    assert statuses.count(200) > ASKING
    assert grown <= MOST
    assert to_keys <= MOST_TO_KEYS
