"""What was altered in the tables is refused on read, by the name of the event."""

from collections.abc import Callable
from uuid import UUID

import pytest

from spaces_project.kernel.ids import new_id
from spaces_project.kernel.log.event_log import event_log
from spaces_project.kernel.log.mapper import Unreadable, UnreadableEvent
from tests.kernel.jars import Jar, add, as_owner, stored

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

TOPIC = "tests.MarbleAdded"
REGIONS = {"version": 1, "key id": 2, "nonce": 18, "ciphertext": 30, "tag": -1}


@pytest.fixture
def jar_id() -> UUID:
    """A jar with two marbles in a room."""
    jar, room = new_id(), new_id()
    add(jar_id=jar, colour="red", room=room)
    add(jar_id=jar, colour="blue", room=room)
    return jar


def alter(assignment: str, stream: UUID, version: int, *arguments: object) -> None:
    with as_owner() as owner:
        owner.execute(
            f"UPDATE log_events SET {assignment}"  # noqa: S608
            " WHERE originator_id = %s AND originator_version = %s",
            (*arguments, stream, version),
        )
    event_log().streams.cache.clear()  # who knows a stream does not read it again


def refusal_of(read: Callable[[], object], stream: UUID, version: int, topic: str = TOPIC) -> str:
    with pytest.raises(UnreadableEvent) as refused:
        read()
    sentence = str(refused.value)
    assert str(stream) in sentence
    assert f"version {version}" in sentence
    assert topic in sentence
    return sentence


def read_room(room: UUID) -> None:
    """Read a room; what is live stands a marker with the reason in place of such an event."""
    for recorded in event_log().read_room(room):
        if isinstance(recorded.event, Unreadable):
            raise UnreadableEvent(recorded.event.reason)


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("how", ["by position", "by room", "by stream"])
def test_a_flipped_byte_is_refused_wherever_it_is_read(jar_id: UUID, region: str, how: str) -> None:
    room = stored()[0].room_id or UUID(int=0)
    place = REGIONS[region]
    byte = f"octet_length(state) - {-place}" if place < 0 else str(place - 1)
    alter(f"state = set_byte(state, {byte}, get_byte(state, {byte}) # 1)", jar_id, 2)
    ways: dict[str, Callable[[], object]] = {
        "by position": stored,
        "by room": lambda: read_room(room),
        "by stream": lambda: event_log().fill(Jar(jar_id)),
    }

    refusal_of(ways[how], jar_id, 2)


def test_a_ciphertext_moved_to_another_version_is_refused(jar_id: UUID) -> None:
    alter(
        "state = (SELECT e.state FROM log_events e"
        " WHERE e.originator_id = %s AND e.originator_version = 1)",
        jar_id,
        2,
        jar_id,
    )

    refusal_of(stored, jar_id, 2)


def test_a_ciphertext_moved_to_another_stream_of_its_room_is_refused(jar_id: UUID) -> None:
    other = new_id()
    add(jar_id=other, colour="green", room=stored()[0].room_id)
    alter(
        "state = (SELECT e.state FROM log_events e"
        " WHERE e.originator_id = %s AND e.originator_version = 1)",
        other,
        1,
        jar_id,
    )

    refusal_of(stored, other, 1)


def test_an_event_under_another_topic_is_refused(jar_id: UUID) -> None:
    alter("topic = 'tests.JarShut'", jar_id, 2)

    refusal_of(stored, jar_id, 2, "tests.JarShut")


@pytest.mark.parametrize("topic", ["tests.Unheard", "os:system", "tests.kernel.jars:Jar", ""])
def test_a_topic_outside_the_catalogue_is_refused_by_name(jar_id: UUID, topic: str) -> None:
    alter("topic = %s", jar_id, 2, topic)

    assert "unknown topic" in refusal_of(stored, jar_id, 2, repr(topic))


def test_an_empty_payload_is_refused(jar_id: UUID) -> None:
    alter("state = ''", jar_id, 1)

    refusal_of(stored, jar_id, 1)
