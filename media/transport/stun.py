"""The one STUN exchange that an ICE-lite agent needs: Binding (RFC 8489, RFC 8445)."""

import binascii
import hmac
import socket
import struct
from dataclasses import dataclass
from typing import Final

Address = tuple[str, int]

COOKIE: Final = 0x2112A442
_COOKIE: Final = struct.pack("!I", COOKIE)
_HEADER_BYTES: Final = 20
_INTEGRITY_BYTES: Final = 24  # attribute header and SHA-1
_FINGERPRINT_BYTES: Final = 8
_FINGERPRINT_XOR: Final = 0x5354554E

_BINDING_REQUEST: Final = 0x0001
_BINDING_SUCCESS: Final = 0x0101
_USERNAME: Final = 0x0006
_INTEGRITY: Final = 0x0008
_XOR_MAPPED_ADDRESS: Final = 0x0020
_USE_CANDIDATE: Final = 0x0025
_FINGERPRINT: Final = 0x8028
_IPV4: Final = 1


@dataclass(frozen=True, slots=True)
class BindingRequest:
    """A connectivity check, not yet authenticated."""

    transaction_id: bytes
    ufrag: bytes  # ours: the first half of USERNAME
    nominates: bool  # USE-CANDIDATE before MESSAGE-INTEGRITY
    integrity_at: int  # offset of MESSAGE-INTEGRITY


def read_binding_request(datagram: bytes) -> BindingRequest | None:
    """Return the check that a datagram holds; None for anything else, however broken."""
    if len(datagram) < _HEADER_BYTES or datagram[4:8] != _COOKIE:
        return None
    kind, length = struct.unpack_from("!HH", datagram)
    if kind != _BINDING_REQUEST or len(datagram) != _HEADER_BYTES + length:
        return None
    at, username, nominates = _HEADER_BYTES, b"", False
    while at + 4 <= len(datagram):
        attribute, size = struct.unpack_from("!HH", datagram, at)
        if attribute == _INTEGRITY:
            whole = size == _INTEGRITY_BYTES - 4 and at + _INTEGRITY_BYTES <= len(datagram)
            if not whole or not username:
                return None
            ufrag = username.partition(b":")[0]
            return BindingRequest(datagram[8:20], ufrag, nominates, at)
        if attribute == _USERNAME:
            username = datagram[at + 4 : at + 4 + size]
        nominates |= attribute == _USE_CANDIDATE
        at += 4 + size + -size % 4
    return None


def is_authentic(datagram: bytes, request: BindingRequest, key: bytes) -> bool:
    """Return whether MESSAGE-INTEGRITY was made with ``key`` (RFC 8489, 14.5)."""
    end = request.integrity_at
    signed = bytearray(datagram[:end])
    struct.pack_into("!H", signed, 2, end + _INTEGRITY_BYTES - _HEADER_BYTES)
    wanted = hmac.digest(key, bytes(signed), "sha1")
    return hmac.compare_digest(wanted, datagram[end + 4 : end + _INTEGRITY_BYTES])


def binding_success(transaction_id: bytes, to: Address, key: bytes) -> bytes:
    """Return the answer to a check: the address that it came from, signed."""
    host, port = to
    mapped = struct.pack(
        "!HHBBHI",
        _XOR_MAPPED_ADDRESS,
        8,
        0,
        _IPV4,
        port ^ (COOKIE >> 16),
        struct.unpack("!I", socket.inet_aton(host))[0] ^ COOKIE,
    )
    body = mapped
    for_integrity = _header(transaction_id, len(body) + _INTEGRITY_BYTES) + body
    body += struct.pack("!HH", _INTEGRITY, 20) + hmac.digest(key, for_integrity, "sha1")
    for_crc = _header(transaction_id, len(body) + _FINGERPRINT_BYTES) + body
    crc = (binascii.crc32(for_crc) ^ _FINGERPRINT_XOR) & 0xFFFFFFFF
    return for_crc + struct.pack("!HHI", _FINGERPRINT, 4, crc)


def _header(transaction_id: bytes, length: int) -> bytes:
    return struct.pack("!HHI", _BINDING_SUCCESS, length, COOKIE) + transaction_id
