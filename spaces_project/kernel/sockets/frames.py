"""Frames as they go over the wire, encoded once for everybody."""

from typing import Any, Final
from uuid import UUID, uuid5

import orjson

from spaces_project.kernel.ids import public
from spaces_project.kernel.log.event_log import Recorded

TEXT: Final = 0x81  # FIN and opcode 1 (RFC 6455, section 5.2)
_SHORT: Final = 126
_LONG: Final = 1 << 16


def text_frame(message: dict[str, Any]) -> bytes:
    """Return a message as one unmasked text frame (RFC 6455, section 5.2)."""
    body = orjson.dumps(message)
    length = len(body)
    if length < _SHORT:
        return bytes((TEXT, length)) + body
    if length < _LONG:
        return bytes((TEXT, _SHORT)) + length.to_bytes(2, "big") + body
    return bytes((TEXT, _SHORT + 1)) + length.to_bytes(8, "big") + body


def event_id(recorded: Recorded) -> str:
    """Return the public id of an event, the same whoever asks and whenever."""
    happened = recorded.event
    stream: UUID = happened.originator_id
    return public("evt", uuid5(stream, str(happened.originator_version)))
