"""Frames as they go over the wire, encoded once for everybody."""

from typing import Any, Final
from uuid import UUID, uuid5

import orjson

from spaces_project.kernel.ids import public
from spaces_project.kernel.log.event_log import Recorded

TEXT: Final = 0x81  # FIN and opcode 1 (RFC 6455, section 5.2)
_SHORT: Final = 126
_LONG: Final = 1 << 16
_MASKED: Final = 0x80
_MASK_BYTES: Final = 4
_SMALLEST: Final = 2 + _MASK_BYTES


def text_frame(message: dict[str, Any]) -> bytes:
    """Return a message as one unmasked text frame (RFC 6455, section 5.2)."""
    body = orjson.dumps(message)
    length = len(body)
    if length < _SHORT:
        return bytes((TEXT, length)) + body
    if length < _LONG:
        return bytes((TEXT, _SHORT)) + length.to_bytes(2, "big") + body
    return bytes((TEXT, _SHORT + 1)) + length.to_bytes(8, "big") + body


def redacted_frame(first: int, last: int) -> bytes:
    """Return the frame that stands for events of which a viewer learns only that they were."""
    if first == last:
        return text_frame({"type": "redacted", "seq": last})
    return text_frame({"type": "redacted", "from": first, "seq": last})


def whole_message(data: bytes, at: int) -> tuple[bytes, int] | None:
    """Return the words of the text message that begins at a place, and where it ends.

    None if there is anything but one whole, masked, unfragmented text frame (RFC 6455, section
    5.2), if it is longer than 65,535 bytes, or has words beyond ASCII, whose encoding somebody must
    check.
    """
    have = len(data) - at
    if have < _SMALLEST or data[at] != TEXT or data[at + 1] < _MASKED:
        return None
    length, head = data[at + 1] - _MASKED, at + 2
    if length >= _SHORT:
        length, head = int.from_bytes(data[head : head + 2], "big"), head + 2
        if data[at + 1] != _MASKED + _SHORT or length < _SHORT:
            return None
    begin, end = head + _MASK_BYTES, head + _MASK_BYTES + length
    if end > len(data):
        return None
    mask = data[head:begin] * (length // _MASK_BYTES + 1)
    words = int.from_bytes(data[begin:end], "big") ^ int.from_bytes(mask[:length], "big")
    found = words.to_bytes(length, "big")
    return (found, end) if found.isascii() else None


def event_id(recorded: Recorded) -> str:
    """Return the public id of an event, the same whoever asks and whenever."""
    happened = recorded.event
    stream: UUID = happened.originator_id
    return public("evt", uuid5(stream, str(happened.originator_version)))
