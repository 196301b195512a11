"""What is sent: rendered from the log at the moment of sending, and kept nowhere."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final
from uuid import UUID, uuid5

import orjson

from spaces_project.kernel.clock import now, rfc3339
from spaces_project.kernel.ids import public
from spaces_project.kernel.log.event_log import Recorded, event_log
from spaces_project.kernel.sockets.frames import event_id
from spaces_project.kernel.webhooks.lines import Line, spans
from spaces_project.kernel.webhooks.models import EndpointRow
from spaces_project.kernel.webhooks.sources import Told

API_VERSION: Final = "v1"
TEST_TYPE: Final = "webhook.test"
PAGE: Final = 50  # events read at once; what is erased meanwhile is still sent: kept small


@dataclass(frozen=True, slots=True)
class Message:
    """One event in the words that are sent; ``webhook_id`` is the same on every retry."""

    webhook_id: str
    type: str
    room_id: UUID | None
    seq: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """What an endpoint is told next of a room, and up to where nothing else is to be told."""

    messages: list[Message]
    upto: int


def next_page(line: Line, endpoint: EndpointRow, told: Told) -> Page:
    """Return what is to be told next on a line."""
    if line.is_test:
        return Page([_test(line)], line.told_seq + 1)
    page = event_log().read_room(line.room_id, line.told_seq, line.wanted_seq, PAGE)
    if not page:
        return Page([], line.wanted_seq)
    heard = [r for r in page if _is_wanted(r, endpoint, told)]
    if heard and not endpoint.hears_all:
        owned = spans(line.room_id)
        heard = [r for r in heard if _owner_at(owned, r.seq or 0) == endpoint.owner_id]
    messages = list(_messages(line.room_id, heard, told))
    return Page(messages, page[-1].seq or line.wanted_seq)


def test_id(endpoint_id: UUID, number: int) -> str:
    """Return the webhook-id of a test."""
    return public("evt", uuid5(endpoint_id, f"test {number}"))


def _is_wanted(recorded: Recorded, endpoint: EndpointRow, told: Told) -> bool:
    kind = told.types.get(type(recorded.event))
    return kind is not None and (not endpoint.types or kind in endpoint.types)


def _owner_at(owned: Sequence[tuple[int, UUID]], seq: int) -> UUID | None:
    place = bisect_right(owned, seq, key=lambda span: span[0])
    return owned[place - 1][1] if place else None


def _messages(room_id: UUID, heard: Sequence[Recorded], told: Told) -> list[Message]:
    """Return messages; the words of neighbours from one app are asked for at once."""
    found = []
    for source, group in groupby(heard, key=lambda r: told.sources[type(r.event)]):
        those = list(group)
        for recorded, data in zip(those, source.data(those), strict=True):
            kind = told.types[type(recorded.event)]
            seq = recorded.seq or 0
            at = rfc3339(recorded.event.at)
            webhook_id = event_id(recorded)
            body = _body(webhook_id, kind, at, seq, data)
            found.append(Message(webhook_id, kind, room_id, seq, body))
    return found


def _test(line: Line) -> Message:
    number = line.told_seq + 1
    webhook_id = test_id(line.endpoint_id, number)
    body = _body(webhook_id, TEST_TYPE, rfc3339(now()), None, {})
    return Message(webhook_id, TEST_TYPE, None, number, body)


def _body(webhook_id: str, kind: str, at: str, seq: int | None, data: dict[str, Any]) -> bytes:
    return orjson.dumps(
        {
            "id": webhook_id,
            "type": kind,
            "created_at": at,
            "api_version": API_VERSION,
            "room_seq": seq,
            "data": data,
        }
    )
