"""What a controlling ICE agent asks and answers (RFC 8445, 7; RFC 8489)."""

import binascii
import hmac
import socket
import struct
from typing import Final

COOKIE: Final = 0x2112A442
_BINDING_REQUEST: Final = 0x0001
_BINDING_SUCCESS: Final = 0x0101
_USERNAME: Final = 0x0006
_INTEGRITY: Final = 0x0008
_XOR_MAPPED_ADDRESS: Final = 0x0020
_PRIORITY: Final = 0x0024
_USE_CANDIDATE: Final = 0x0025
_FINGERPRINT: Final = 0x8028
_ICE_CONTROLLING: Final = 0x802A
_HOST_PRIORITY: Final = 1_845_494_271  # peer reflexive, component 1 (RFC 8445, 7.1.1)
_FINGERPRINT_XOR: Final = 0x5354554E
_HEADER_BYTES: Final = 20
_INTEGRITY_BYTES: Final = 24
_FINGERPRINT_BYTES: Final = 8


def nominating_check(
    transaction_id: bytes, *, username: str, key: bytes, tie_breaker: bytes
) -> bytes:
    """Return a Binding request that nominates the pair it is sent on."""
    body = b"".join(
        (
            _attribute(_USERNAME, username.encode()),
            _attribute(_PRIORITY, struct.pack("!I", _HOST_PRIORITY)),
            _attribute(_ICE_CONTROLLING, tie_breaker),
            _attribute(_USE_CANDIDATE, b""),
        )
    )
    return _sealed(_BINDING_REQUEST, transaction_id, body, key)


def success(transaction_id: bytes, *, host: str, port: int, key: bytes) -> bytes:
    """Return the answer to a check that came from ``host`` and ``port``."""
    (address,) = struct.unpack("!I", socket.inet_aton(host))
    mapped = struct.pack("!HHI", 1, port ^ (COOKIE >> 16), address ^ COOKIE)
    body = _attribute(_XOR_MAPPED_ADDRESS, mapped)
    return _sealed(_BINDING_SUCCESS, transaction_id, body, key)


def is_check(datagram: bytes, key: bytes) -> bool:
    """Return whether this is the server's own check, signed with our password.

    An ICE-lite agent need not send any; libnice does.
    """
    return _kind(datagram) == _BINDING_REQUEST and _is_signed(datagram, key)


def confirms(datagram: bytes, transaction_id: bytes, key: bytes) -> bool:
    """Return whether this is the success answer to our check, signed with the peer's password."""
    is_ours = _kind(datagram) == _BINDING_SUCCESS and transaction_of(datagram) == transaction_id
    return is_ours and _is_signed(datagram, key)


def transaction_of(datagram: bytes) -> bytes:
    """Return the transaction id of any STUN message."""
    return datagram[8:_HEADER_BYTES]


def _kind(datagram: bytes) -> int:
    return int.from_bytes(datagram[:2]) if len(datagram) >= _HEADER_BYTES else -1


def _is_signed(datagram: bytes, key: bytes) -> bool:
    at = _HEADER_BYTES
    while at + 4 <= len(datagram):
        attribute, size = struct.unpack_from("!HH", datagram, at)
        if attribute == _INTEGRITY:
            signed = bytearray(datagram[:at])
            struct.pack_into("!H", signed, 2, at + _INTEGRITY_BYTES - _HEADER_BYTES)
            wanted = hmac.digest(key, bytes(signed), "sha1")
            return hmac.compare_digest(wanted, datagram[at + 4 : at + _INTEGRITY_BYTES])
        at += 4 + size + -size % 4
    return False


def _sealed(kind: int, transaction_id: bytes, body: bytes, key: bytes) -> bytes:
    """Return a message with its integrity and its fingerprint."""
    signed = _header(kind, len(body) + _INTEGRITY_BYTES, transaction_id) + body
    body += _attribute(_INTEGRITY, hmac.digest(key, signed, "sha1"))
    summed = _header(kind, len(body) + _FINGERPRINT_BYTES, transaction_id) + body
    crc = (binascii.crc32(summed) ^ _FINGERPRINT_XOR) & 0xFFFFFFFF
    return summed + _attribute(_FINGERPRINT, struct.pack("!I", crc))


def _header(kind: int, length: int, transaction_id: bytes) -> bytes:
    return struct.pack("!HHI", kind, length, COOKIE) + transaction_id


def _attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4)
