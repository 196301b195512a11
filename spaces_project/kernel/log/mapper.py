"""Domain events to stored events and back: typed, encrypted, from the catalogue only."""

from datetime import UTC, datetime
from functools import cache
from typing import ClassVar
from uuid import UUID

import msgspec
from eventsourcing.persistence import Mapper, StoredEvent, Transcoder

from spaces_project.kernel.encryption import Tampered, key_of, open_payload, seal_payload
from spaces_project.kernel.entity import DomainEvent, event_class
from spaces_project.kernel.keys.store import KeyDestroyed, key_store

UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_ENVELOPE_FIELDS = ("originator_id", "originator_version")
_encoder = msgspec.msgpack.Encoder(uuid_format="bytes")


class Purged(DomainEvent, frozen=True):
    """Stands where an event's payload was: its data key is destroyed.

    ``topic`` is what remains of it.
    """

    TOPIC: ClassVar[str] = ""
    topic: str


class Unreadable(DomainEvent, frozen=True):
    """Stands where a stored event cannot be read: altered, or of an unknown topic.

    Views refuse to go past one; what is live goes on with the other rooms, and shuts this one's
    gates.
    """

    TOPIC: ClassVar[str] = ""
    topic: str
    reason: str


class UnreadableEvent(Exception):
    """A stored event was altered, or has a topic that is not in the catalogue."""


class NoTranscoder(Transcoder):
    """The library asks for a transcoder; this mapper encodes by the event's own types."""

    def encode(self, obj: object) -> bytes:
        """Refuse: nothing is encoded without its type."""
        raise NotImplementedError(f"{type(obj).__name__} must go through SealedMapper")

    def decode(self, data: bytes) -> object:
        """Refuse: nothing is decoded without its type."""
        raise NotImplementedError(f"{len(data)} bytes must go through SealedMapper")


class SealedMapper(Mapper[UUID]):
    """Encodes payloads as MessagePack by their types and seals them under a data key."""

    def to_stored_event(self, domain_event: object, key_id: UUID | None = None) -> StoredEvent:
        """Return the stored form; ``key_id`` defaults to the event's stream."""
        assert isinstance(domain_event, DomainEvent)
        topic = domain_event.TOPIC
        facts = {name: getattr(domain_event, name) for name in _facts(type(domain_event))}
        stream, version = domain_event.originator_id, domain_event.originator_version
        sealed = seal_payload(
            _encoder.encode(facts), key_id or stream, bound_to(stream, version, topic)
        )
        return StoredEvent(stream, version, topic, sealed)

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEvent:
        """Return the event, or :class:`Purged` where its key is gone.

        :raises UnreadableEvent: names the event that was altered or is unknown.
        """
        stream, version = stored_event.originator_id, stored_event.originator_version
        assert isinstance(stream, UUID)
        topic = stored_event.topic
        known = event_class(topic)
        if known is None:
            raise UnreadableEvent(f"{stream} version {version}: unknown topic {topic!r}")
        happened: DomainEvent
        try:
            plain = open_payload(bytes(stored_event.state), bound_to(stream, version, topic))
            happened = _decoder(known).decode(plain)
        except KeyDestroyed:
            happened = Purged(at=UNKNOWN_TIME, topic=topic)
        except (Tampered, msgspec.MsgspecError) as error:
            raise UnreadableEvent(f"{stream} version {version} ({topic}): {error}") from error
        msgspec.structs.force_setattr(happened, "originator_id", stream)
        msgspec.structs.force_setattr(happened, "originator_version", version)
        return happened


def unreadable(stored_event: StoredEvent, reason: str) -> Unreadable:
    """Return the marker that stands for a stored event which cannot be read."""
    stream = stored_event.originator_id
    assert isinstance(stream, UUID)
    return Unreadable(
        stored_event.topic,
        reason,
        at=UNKNOWN_TIME,
        originator_id=stream,
        originator_version=stored_event.originator_version,
    )


def bound_to(stream: UUID, version: int, topic: str) -> bytes:
    """Return the associated data that ties a ciphertext to its event."""
    return stream.bytes + version.to_bytes(8, "big") + topic.encode()


def prefetch_keys(stored_events: list[StoredEvent]) -> None:
    """Bring the keys of many stored events into the cache in one round trip."""
    key_ids = set()
    for stored in stored_events:
        try:
            key_ids.add(key_of(bytes(stored.state)))
        except Tampered:
            continue  # named when it is read
    key_store().prefetch(key_ids)


@cache
def _facts(known: type[DomainEvent]) -> tuple[str, ...]:
    return tuple(f for f in known.__struct_fields__ if f not in _ENVELOPE_FIELDS)


@cache
def _decoder(known: type[DomainEvent]) -> msgspec.msgpack.Decoder[DomainEvent]:
    return msgspec.msgpack.Decoder(known)
