"""Read an offer strictly: one Opus stream over DTLS-SRTP, nothing else (RFC 9725, 4.2)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from aiortc.sdp import MediaDescription

from media.domain.errors import OfferIsMalformed, OfferIsTooLarge
from media.domain.limits import CANDIDATES, OFFER_BYTES
from media.transport.adapter import parse_description

_PROFILES: Final = {"UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP"}
_UFRAG: Final = re.compile(r"[A-Za-z0-9+/]{4,256}")
_PASSWORD: Final = re.compile(r"[A-Za-z0-9+/]{22,256}")
_MID: Final = re.compile(r"[!#-'*+\-.0-9A-Z^-~]{1,32}")
_FINGERPRINT: Final = re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){19,63}")
_DIGESTS: Final = {"sha-256", "sha-384", "sha-512"}
_DYNAMIC_TYPES: Final = range(35, 128)
_CLOCK_RATE: Final = 48_000


class Kind(StrEnum):
    """What a session is for."""

    WHIP = "whip"
    WHEP = "whep"


_WANTED: Final = {Kind.WHIP: {"sendonly", "sendrecv"}, Kind.WHEP: {"recvonly", "sendrecv"}}


@dataclass(frozen=True, slots=True)
class Offer:
    """What we need to know of an offer; its candidates are not among it."""

    mid: str
    payload_type: int
    direction: str
    ufrag: str
    is_passive: bool  # the peer insists on being the DTLS server
    fingerprints: list[tuple[str, str]]


def read_offer(body: bytes, kind: Kind) -> Offer:
    """Read an SDP offer.

    :raises OfferIsTooLarge: over 32 KiB.
    :raises OfferIsMalformed: if it is unreadable or not one Opus stream in the right direction.
    """
    if len(body) > OFFER_BYTES:
        raise OfferIsTooLarge
    text = _text(body)
    _must_be_small(text)
    try:
        description = parse_description(text)
    except ValueError:
        raise OfferIsMalformed(detail="The session description cannot be read.") from None
    audio = description.media[0]
    _must_be_audio(audio)
    direction = audio.direction or "sendrecv"
    if direction not in _WANTED[kind]:
        raise OfferIsMalformed(detail=f"A {kind} offer cannot be {direction}.")
    return Offer(
        mid=_mid(audio),
        payload_type=_opus(audio),
        direction=direction,
        ufrag=_ufrag(audio),
        is_passive=audio.dtls is not None and audio.dtls.role == "server",
        fingerprints=_fingerprints(audio),
    )


def _text(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise OfferIsMalformed(detail="The session description is not UTF-8.") from None
    if "\0" in text or not text.startswith("v=0"):
        raise OfferIsMalformed(detail="The session description does not begin with v=0.")
    return text


def _must_be_small(text: str) -> None:
    lines = text.splitlines()
    if sum(line.startswith("m=") for line in lines) != 1:
        raise OfferIsMalformed(detail="Exactly one media line is expected.")
    if sum(line.startswith("a=candidate:") for line in lines) > CANDIDATES:
        raise OfferIsMalformed(detail=f"At most {CANDIDATES} candidates are read.")


def _must_be_audio(audio: MediaDescription) -> None:
    if audio.kind != "audio" or audio.profile not in _PROFILES or not audio.port:
        raise OfferIsMalformed(detail="The media line is not audio over DTLS-SRTP.")
    if audio.dtls is None:
        raise OfferIsMalformed(detail="The offer does not say who opens DTLS (a=setup).")
    if not audio.rtcp_mux:
        raise OfferIsMalformed(detail="RTP and RTCP share one port here (a=rtcp-mux).")


def _mid(audio: MediaDescription) -> str:
    mid = audio.rtp.muxId or "0"
    if not _MID.fullmatch(mid):
        raise OfferIsMalformed(detail="The media line's name is unusable (a=mid).")
    return mid


def _opus(audio: MediaDescription) -> int:
    for codec in audio.rtp.codecs:
        is_opus = codec.mimeType.lower() == "audio/opus" and codec.clockRate == _CLOCK_RATE
        number = codec.payloadType
        if is_opus and number in audio.fmt and number in _DYNAMIC_TYPES:
            assert number is not None
            return number
    raise OfferIsMalformed(detail="The offer has no Opus at 48 kHz.")


def _ufrag(audio: MediaDescription) -> str:
    ufrag = (audio.ice and audio.ice.usernameFragment) or ""
    password = (audio.ice and audio.ice.password) or ""
    if not _UFRAG.fullmatch(ufrag) or not _PASSWORD.fullmatch(password):
        raise OfferIsMalformed(detail="The ICE credentials are missing or unusable.")
    return ufrag


def _fingerprints(audio: MediaDescription) -> list[tuple[str, str]]:
    assert audio.dtls is not None
    known = [
        (each.algorithm, each.value)
        for each in audio.dtls.fingerprints
        if each.algorithm.lower() in _DIGESTS
    ]
    if not known or not all(_FINGERPRINT.fullmatch(value) for _, value in known):
        raise OfferIsMalformed(detail="A SHA-256 certificate fingerprint is missing.")
    return known
