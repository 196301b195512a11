"""Frames as no client should send them: broken JSON, broken framing, all by chance."""

import json
import os
import random
import struct
from collections.abc import Callable
from copy import deepcopy
from typing import Any, Final

from rooms.socket_commands import SOCKET_COMMANDS
from spaces_project.interface.asyncapi import asyncapi

TEXT: Final = 0x1
BINARY: Final = 0x2
CLOSE: Final = 0x8
PING: Final = 0x9
COMMANDS: Final = [
    json.dumps(asyncapi()["components"]["messages"][f"room.hears.{kind}"]["examples"][0]["payload"])
    for kind in SOCKET_COMMANDS
]
VALUES: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 2**63, -(2**63) - 1, 10**400, 1.5, 1e308, "", "\x00", "\ud800", "x" * 5000,
    [], [[]], {}, {"": None}, "acc_" + "0" * 26, "acc_01k9z6vw5gf3t8m2c4x7r1pq0n", "room.end", "💥",
)  # fmt: skip


def frame(opcode: int, payload: bytes, *, fin: bool = True, reserved: int = 0) -> bytes:
    """Return a masked frame (RFC 6455, section 5.2), well formed or not."""
    first = (0x80 if fin else 0) | reserved << 4 | opcode
    length = len(payload)
    if length < 126:
        head = struct.pack("!BB", first, 0x80 | length)
    elif length < 1 << 16:
        head = struct.pack("!BBH", first, 0x80 | 126, length)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, length)
    mask = os.urandom(4)
    whole = mask * (length // 4 + 1)
    masked = int.from_bytes(payload, "big") ^ int.from_bytes(whole[:length], "big")
    return head + mask + masked.to_bytes(length, "big")


def _mutated(chance: random.Random) -> bytes:
    """Return a command with some bytes changed, doubled, lost or from elsewhere."""
    words = bytearray(chance.choice(COMMANDS).encode())
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(words) + 1)
        match chance.randrange(4):
            case 0:
                words[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                words[at:at] = words[: chance.randrange(40)]
            case 2:
                del words[at : at + chance.randrange(1, 9)]
            case 3:
                words[at:at] = chance.choice((b'"', b"{", b"]", b",", b"\\u", b"1e999", b"null"))
    return frame(TEXT, bytes(words))


def _wrong_types(chance: random.Random) -> bytes:
    """Return a command whose members have values of other types."""
    command = json.loads(chance.choice(COMMANDS))
    for member in chance.sample(sorted(command), chance.randrange(1, len(command) + 1)):
        command[member] = deepcopy(chance.choice(VALUES))
    if isinstance(command.get("data"), dict):
        command["data"][chance.choice(("account_id", "reason", "after", "x"))] = chance.choice(
            VALUES
        )
    return frame(TEXT, json.dumps(command).encode())


def _wrong_data(chance: random.Random) -> bytes:
    """Return a whole command whose data is not what its type takes."""
    command = json.loads(chance.choice(COMMANDS))
    members = ("account_id", "account_ids", "reason", "text", "url", "pin_id", "emoji", "x")
    command["data"] = {
        member: deepcopy(chance.choice(VALUES)) for member in chance.sample(members, 3)
    }
    return frame(TEXT, json.dumps(command).encode())


def _nested(chance: random.Random) -> bytes:
    depth = chance.choice((50, 250, 260, 500, 900))
    inner = "[" * depth + "]" * depth
    return frame(TEXT, f'{{"type":"hand.raise","ref":"n","data":{{"a":{inner}}}}}'.encode())


def _unknown(chance: random.Random) -> bytes:
    kind = chance.choice(
        ("room.burn", "__init__", "websocket.disconnect", "x" * 3000, "hand.raise ")
    )
    return frame(TEXT, json.dumps({"type": kind, "ref": "r", "data": {}}).encode())


def _deep(chance: random.Random) -> bytes:
    depth = chance.choice((100, 1_000, 20_000))
    opened, shut = chance.choice((("[", "]"), ('{"a":', "}")))
    inner = opened * depth + "1" + shut * depth
    return frame(TEXT, f'{{"type":"hand.raise","ref":"d","data":{{"a":{inner}}}}}'.encode()[:65000])


def _numbers(chance: random.Random) -> bytes:
    number = chance.choice(
        ("1e400", "-1e400", "9" * 5000, "0x10", "01", "NaN", "-Infinity", "1.e5")
    )
    return frame(
        TEXT, f'{{"type":"hand.raise","ref":{number},"data":{{"after":{number}}}}}'.encode()
    )


def _no_object(chance: random.Random) -> bytes:
    words = ("", "[]", "null", "7", '"ping"', "{", "}{", '{"type":', "\ufeff{}", " " * 9000)
    return frame(TEXT, chance.choice(words).encode())


def _broken_utf8(chance: random.Random) -> bytes:
    words = chance.choice(
        (b"\xff\xfe", b'{"type":"\xc3\x28"}', b"\xed\xa0\x80", b"\xf4\x90\x80\x80")
    )
    return frame(TEXT, words)


def _binary(chance: random.Random) -> bytes:
    return frame(BINARY, chance.randbytes(chance.randrange(200)))


def _oversized(chance: random.Random) -> bytes:
    return frame(TEXT, b'{"type":"ping","x":"' + b"x" * chance.choice((65_536, 90_000)) + b'"}')


def _fragments(chance: random.Random) -> bytes:
    """Return a command in pieces, sometimes with a piece in the wrong place."""
    words = chance.choice(COMMANDS).encode()
    at = chance.randrange(len(words))
    pieces = [
        frame(TEXT, words[:at], fin=False),
        frame(PING, b"between"),
        frame(0, words[at:]),
    ]
    if chance.random() < 0.5:
        chance.shuffle(pieces)
    return b"".join(pieces)


def _broken_frame(chance: random.Random) -> bytes:
    """Return what breaks the rules of RFC 6455 itself."""
    return chance.choice(
        (
            b"\x81\x05hello",  # not masked
            frame(TEXT, b"{}", reserved=chance.randrange(1, 8)),
            frame(chance.choice((3, 7, 11, 15)), b"x"),
            frame(PING, b"x" * 126),
            frame(PING, b"", fin=False),
            frame(CLOSE, b"\x03"),
            frame(CLOSE, struct.pack("!H", chance.choice((0, 999, 1005, 1006, 65535)))),
            struct.pack("!BBQ", 0x81, 0xFF, 1 << 63) + b"mask",
            struct.pack("!BBH", 0x81, 0xFE, 5) + b"maskhello",  # longer form than it takes
            b"\x00" * chance.randrange(1, 99),
            chance.randbytes(chance.randrange(2, 99)),
        )
    )


# What leaves a socket open, if its words are taken apart well, then what may end it.
MILD: Final[tuple[Callable[[random.Random], bytes], ...]] = (_wrong_data, _unknown, _nested)
SHARP: Final[tuple[Callable[[random.Random], bytes], ...]] = (
    _mutated, _wrong_types, _deep, _numbers, _no_object, _broken_utf8, _binary, _oversized,
    _fragments, _broken_frame,
)  # fmt: skip


def some(chance: random.Random, how_many: int) -> list[bytes]:
    """Return so many of them: the mild ones first, one of the sharpest at the end."""
    return [chance.choice(MILD)(chance) for _ in range(how_many - 1)] + [
        chance.choice(SHARP)(chance)
    ]
