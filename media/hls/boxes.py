"""Opus in fragmented MP4 (ISO/IEC 14496-12; "Encapsulation of Opus in ISO BMFF", 0.6.8).

Times are in samples at 48 kHz; a packet is one frame of 20 ms, mono.
"""

import struct
from collections.abc import Sequence
from typing import Final

from media.audio.opus import FRAME_SAMPLES, SAMPLE_RATE

_TRACK: Final = 1
_UNITY: Final = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_UNDETERMINED: Final = 0x55C4  # the language "und"
_ENABLED_IN_MOVIE: Final = 3
_SELF_CONTAINED: Final = 1
_BASE_IS_MOOF: Final = 0x020000
_OFFSET_AND_SIZES: Final = 0x000201
_DEPENDS_ON_NONE: Final = 0x02000000
_HEADER_BYTES: Final = 8
_WHOLE: Final = 1 << 32


def init_segment() -> bytes:
    """Return what a player reads first; the same for every room."""
    header = _full(
        b"mvhd", 0, 0,
        struct.pack(">IIIIIH10x", 0, 0, SAMPLE_RATE, 0, 0x10000, 0x0100),
        _UNITY, bytes(24), struct.pack(">I", _TRACK + 1),
    )  # fmt: skip
    defaults = struct.pack(">IIIII", _TRACK, 1, FRAME_SAMPLES, 0, _DEPENDS_ON_NONE)
    return _box(b"ftyp", b"iso6", bytes(4), b"iso6", b"mp41") + _box(
        b"moov", header, _track(), _box(b"mvex", _full(b"trex", 0, 0, defaults))
    )


def media_segment(number: int, at_samples: int, packets: Sequence[bytes]) -> bytes:
    """Return one fragment.

    :param number: counts fragments; its lower 32 bits are kept.
    :param at_samples: when the first packet is played, on the stream's own timeline.
    """
    sizes = struct.pack(f">{len(packets)}I", *map(len, packets))
    fragment = _fragment(number, at_samples, len(packets), sizes, 0)
    data_at = len(fragment) + _HEADER_BYTES
    return _fragment(number, at_samples, len(packets), sizes, data_at) + _box(b"mdat", *packets)


def _fragment(number: int, at_samples: int, count: int, sizes: bytes, data_at: int) -> bytes:
    return _box(
        b"moof",
        _full(b"mfhd", 0, 0, struct.pack(">I", number % _WHOLE)),
        _box(
            b"traf",
            _full(b"tfhd", 0, _BASE_IS_MOOF, struct.pack(">I", _TRACK)),
            _full(b"tfdt", 1, 0, struct.pack(">Q", at_samples)),
            _full(b"trun", 0, _OFFSET_AND_SIZES, struct.pack(">II", count, data_at), sizes),
        ),
    )


def _track() -> bytes:
    header = struct.pack(">IIIII8xHHHH", 0, 0, _TRACK, 0, 0, 0, 0, 0x0100, 0)
    media = struct.pack(">IIIIHH", 0, 0, SAMPLE_RATE, 0, _UNDETERMINED, 0)
    reference = _full(b"url ", 0, _SELF_CONTAINED)
    return _box(
        b"trak",
        _full(b"tkhd", 0, _ENABLED_IN_MOVIE, header, _UNITY, bytes(8)),
        _box(
            b"mdia",
            _full(b"mdhd", 0, 0, media),
            _full(b"hdlr", 0, 0, bytes(4), b"soun", bytes(13)),
            _box(
                b"minf",
                _full(b"smhd", 0, 0, bytes(4)),
                _box(b"dinf", _full(b"dref", 0, 0, struct.pack(">I", 1), reference)),
                _samples(),
            ),
        ),
    )


def _samples() -> bytes:
    # Whoever comes, comes into the middle: there is nothing before it to be skipped (pre-skip 0).
    opus = _box(b"dOps", struct.pack(">BBHIhB", 0, 1, 0, SAMPLE_RATE, 0, 0))
    entry = _box(b"Opus", struct.pack(">6xH8xHH4xI", 1, 1, 16, SAMPLE_RATE << 16), opus)
    return _box(
        b"stbl",
        _full(b"stsd", 0, 0, struct.pack(">I", 1), entry),
        _full(b"stts", 0, 0, bytes(4)),
        _full(b"stsc", 0, 0, bytes(4)),
        _full(b"stsz", 0, 0, bytes(8)),
        _full(b"stco", 0, 0, bytes(4)),
    )


def _full(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *parts)


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", _HEADER_BYTES + len(body), kind) + body
