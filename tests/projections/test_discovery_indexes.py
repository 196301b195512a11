"""Lists stay flat: with many rooms every list, look-up and search goes by an index."""

import time
from uuid import UUID

import pytest
from django.db import connection, transaction

from rooms.discovery.lists import Wanted, find_rooms

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

ROOMS = 30_000
LIVE = 60
PAGE = 21
VIEWER = UUID(int=7)
FILL = """
INSERT INTO rooms_listing (room_id, state, place, host_id, creator_id, title, topic_ids, words,
                           audience_policy)
SELECT lpad(to_hex(n), 32, '0')::uuid,
       CASE WHEN n % %(apart)s = 0 THEN 'live' ELSE 'ended' END,
       CASE WHEN n % %(apart)s = 0 THEN 2 ELSE 0 END * (1::bigint << 50) + n,
       lpad(to_hex(n % 1000), 32, 'a')::uuid, lpad(to_hex(n % 1000), 32, 'a')::uuid,
       'Room', ARRAY['topic' || n % 5000],
       ('tea word' || n % 20000)::tsvector,
       CASE WHEN n % 51 = 0 THEN 'invited' ELSE 'public' END
FROM generate_series(1, %(rooms)s) n
"""
SOMEBODY = UUID("a" * 29 + "123")


@pytest.fixture
def many_rooms(databases: object) -> None:
    """As many rooms as a busy year has."""
    del databases
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(
            FILL.replace("% %(", "%% %(").replace("n % ", "n %% "),
            {"rooms": ROOMS, "apart": ROOMS // LIVE},
        )
        cursor.execute("ANALYZE rooms_listing")


LISTS = [
    (Wanted(), "rooms_listing_pkey"),
    (Wanted(state="live"), "rooms_listing_"),
    (Wanted(host_id=SOMEBODY), "rooms_listing_host"),
    (Wanted(creator_ids=[SOMEBODY]), "rooms_listing_creator"),
    (Wanted(ids=[UUID(int=n) for n in range(1, 101)]), "rooms_listing_pkey"),
    (Wanted(topic="topic77"), "rooms_listing_topics"),
    (Wanted(query="word777"), "rooms_listing_words"),
    (Wanted(query="tea"), "rooms_listing_"),
    (Wanted(query="tea word1234", state="ended"), "rooms_listing_words"),
]


def test_every_page_is_found_by_an_index(many_rooms: None) -> None:
    del many_rooms
    for wanted, index in LISTS:
        found = find_rooms(wanted, VIEWER)
        began = time.perf_counter()
        rows = list(found[:PAGE])
        took_ms = 1000 * (time.perf_counter() - began)
        plan = found[:PAGE].explain()
        print(f"N={ROOMS}: {took_ms:.1f} ms by {index}")

        assert rows
        assert index in plan, plan
        assert "Seq Scan on rooms_listing" not in plan, plan

    late = find_rooms(Wanted(), VIEWER).filter(room_id__lt=UUID(int=100))[:PAGE]
    assert "rooms_listing_pkey" in late.explain()
    assert len(late) == PAGE
