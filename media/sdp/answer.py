"""Write the answer: ICE-lite, DTLS passive if the peer lets us, one Opus stream (RFC 9725, 4.2)."""

import secrets
from dataclasses import dataclass
from typing import Final

from media.sdp.offer import Kind, Offer
from media.transport.ice import Credentials

# Without useinbandfec in the answer Chromium sends no redundancy.
_OPUS: Final = "minptime=10;useinbandfec=1;stereo=0;maxaveragebitrate=40000"
_PRIORITY: Final = 2_130_706_431  # host candidate, component 1 (RFC 8445, 5.1.2)


@dataclass(frozen=True, slots=True)
class Here:
    """How this node is reached."""

    host: str
    port: int

    def candidate(self) -> str:
        """Return our only candidate, as an SDP line."""
        return f"a=candidate:1 1 udp {_PRIORITY} {self.host} {self.port} typ host"


def direction_of(offer: Offer, kind: Kind) -> str:
    """Return our side of the offered direction; a listener only ever receives."""
    if kind is Kind.WHEP:
        return "sendonly"
    return "sendrecv" if offer.direction == "sendrecv" else "recvonly"


def write_answer(
    offer: Offer, kind: Kind, *, credentials: Credentials, here: Here, fingerprint: str, ssrc: int
) -> str:
    """Return the answer to an offer.

    :param ssrc: of the room's mix, the same for everybody in it.
    """
    direction = direction_of(offer, kind)
    pt = offer.payload_type
    lines = [
        "v=0",
        f"o=- {secrets.randbits(62)} 1 IN IP4 {here.host}",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        f"a=group:BUNDLE {offer.mid}",
        "a=msid-semantic: WMS room",
        f"m=audio {here.port} UDP/TLS/RTP/SAVPF {pt}",
        f"c=IN IP4 {here.host}",
        "a=rtcp:9 IN IP4 0.0.0.0",
        f"a=mid:{offer.mid}",
        f"a={direction}",
        "a=rtcp-mux",
        f"a=rtpmap:{pt} opus/48000/2",
        f"a=fmtp:{pt} {_OPUS}",
        f"a=ice-ufrag:{credentials.ufrag}",
        f"a=ice-pwd:{credentials.password}",
        f"a=fingerprint:sha-256 {fingerprint}",
        "a=setup:active" if offer.is_passive else "a=setup:passive",
        here.candidate(),
        "a=end-of-candidates",
    ]
    if direction != "recvonly":
        lines += ["a=msid:room mix", f"a=ssrc:{ssrc} cname:room", f"a=ssrc:{ssrc} msid:room mix"]
    return "\r\n".join(lines) + "\r\n"
