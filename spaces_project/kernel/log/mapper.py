"""Domain events to stored events and back: typed, encrypted, from the catalogue only."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from typing import ClassVar
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.persistence import Mapper, StoredEvent
from msgspec.structs import force_setattr

from spaces_project.kernel.encryption import (
    BODY_AT,
    HEAD_BYTES,
    Tampered,
    open_payload,
    openers,
    seal_payload,
)
from spaces_project.kernel.entity import DomainEvent, Entity, event_class
from spaces_project.kernel.keys.store import KeyDestroyed
from spaces_project.kernel.log.recorder import StoredRow

OpenEvent = Callable[[UUID, int, str, bytes], DomainEvent]
log = logging.getLogger(__name__)
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
        stream = stored_event.originator_id
        assert isinstance(stream, UUID)
        state = bytes(stored_event.state)
        return _event({}, stream, stored_event.originator_version, stored_event.topic, state)

    def replay(self, entity: Entity, history: Sequence[tuple[int, str, bytes]]) -> None:
        """Apply the next events of an entity's own stream: version, topic and state of each.

        :raises UnreadableEvent: names the event that was altered or is unknown.
        :raises Forgotten: if a payload is gone, and the entity does not say what that means.

        The same as :meth:`Entity.apply` for each, without what costs most in it.
        """
        ciphers = openers({state[:HEAD_BYTES] for _, _, state in history})
        stream, consequences, next_version = entity.id, entity.consequences, entity.version + 1
        for version, topic, state in history:
            happened = _event(ciphers, stream, version, topic, state)
            consequence = consequences.get(type(happened))
            if consequence is None or version != next_version:
                entity.apply(happened)  # says what is wrong
            else:
                consequence(entity, happened)
                entity.version = version
            next_version += 1

    def opener(self, rows: Sequence[StoredRow]) -> OpenEvent:
        """Return what opens the events of many rows: stream, version, topic and state of each.

        It raises :class:`UnreadableEvent`, which names the event that was altered or is unknown.
        """
        return partial(_event, openers({row.state[:HEAD_BYTES] for row in rows}))

    def events_or_markers(self, rows: Sequence[StoredRow]) -> Iterator[DomainEvent]:
        """Yield the events of many rows, with a marker for each that cannot be read."""
        open_event = self.opener(rows)
        for row in rows:
            try:
                yield open_event(row.stream, row.version, row.topic, row.state)
            except UnreadableEvent as error:
                log.error("at position %d: %s", row.position, error)
                yield Unreadable(
                    row.topic,
                    str(error),
                    at=UNKNOWN_TIME,
                    originator_id=row.stream,
                    originator_version=row.version,
                )


def _event(
    ciphers: Mapping[bytes, AESGCM], stream: UUID, version: int, topic: str, state: bytes
) -> DomainEvent:
    """Open one event: at once if its cipher is at hand and all is well, else with every question.

    This runs once for each event that is ever read: 2 us of it are decryption and decoding.
    """
    try:
        decode, encoded_topic = _kind(topic)
        happened = decode(
            ciphers[state[:HEAD_BYTES]].decrypt(
                state[HEAD_BYTES:BODY_AT],
                state[BODY_AT:],
                stream.bytes + version.to_bytes(8, "big") + encoded_topic,
            )
        )
    except (KeyError, InvalidTag, ValueError, msgspec.MsgspecError):
        happened = _event_with_questions(stream, version, topic, state)
    force_setattr(happened, "originator_id", stream)
    force_setattr(happened, "originator_version", version)
    return happened


def _event_with_questions(stream: UUID, version: int, topic: str, state: bytes) -> DomainEvent:
    known = event_class(topic)
    if known is None:
        raise UnreadableEvent(f"{stream} version {version}: unknown topic {topic!r}")
    try:
        plain = open_payload(state, bound_to(stream, version, topic))
        return _decoder(known).decode(plain)
    except KeyDestroyed:
        return Purged(at=UNKNOWN_TIME, topic=topic)
    except (Tampered, msgspec.MsgspecError) as error:
        raise UnreadableEvent(f"{stream} version {version} ({topic}): {error}") from error


def bound_to(stream: UUID, version: int, topic: str) -> bytes:
    """Return the associated data that ties a ciphertext to its event."""
    return stream.bytes + version.to_bytes(8, "big") + topic.encode()


@cache
def _kind(topic: str) -> tuple[Callable[[bytes], DomainEvent], bytes]:
    """Return how a topic's payloads are decoded, and the topic in bytes.

    :raises KeyError: if it is not in the catalogue.
    """
    known = event_class(topic)
    if known is None:
        raise KeyError(topic)
    return _decoder(known).decode, topic.encode()


@cache
def _facts(known: type[DomainEvent]) -> tuple[str, ...]:
    return tuple(f for f in known.__struct_fields__ if f not in _ENVELOPE_FIELDS)


@cache
def _decoder(known: type[DomainEvent]) -> msgspec.msgpack.Decoder[DomainEvent]:
    return msgspec.msgpack.Decoder(known)
