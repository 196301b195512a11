"""The session descriptions of a light peer: one Opus stream, one candidate."""

import re
from dataclasses import dataclass
from typing import Final

LOOPBACK: Final = "127.0.0.1"
PAYLOAD_TYPE: Final = 111


@dataclass(frozen=True, slots=True)
class Local:
    """What a peer says of itself."""

    port: int
    ufrag: str
    password: str
    fingerprint: str
    ssrc: int

    def write(
        self, *, direction: str, setup: str, mid: str = "0", payload_type: int = PAYLOAD_TYPE
    ) -> str:
        """Return an offer (``setup`` is "actpass") or an answer ("active")."""
        lines = [
            "v=0",
            f"o=- {self.port} 2 IN IP4 {LOOPBACK}",
            "s=-",
            "t=0 0",
            f"a=group:BUNDLE {mid}",
            "a=msid-semantic: WMS *",
            f"m=audio {self.port} UDP/TLS/RTP/SAVPF {payload_type}",
            f"c=IN IP4 {LOOPBACK}",
            "a=rtcp:9 IN IP4 0.0.0.0",
            f"a=ice-ufrag:{self.ufrag}",
            f"a=ice-pwd:{self.password}",
            f"a=fingerprint:sha-256 {self.fingerprint}",
            f"a=setup:{setup}",
            f"a=mid:{mid}",
            f"a={direction}",
            "a=rtcp-mux",
            f"a=rtpmap:{payload_type} opus/48000/2",
            f"a=fmtp:{payload_type} minptime=10;useinbandfec=1",
            f"a=ssrc:{self.ssrc} cname:light",
            f"a=candidate:1 1 udp 2130706431 {LOOPBACK} {self.port} typ host",
            "a=end-of-candidates",
        ]
        return "\r\n".join(lines) + "\r\n"


@dataclass(frozen=True, slots=True)
class Remote:
    """What a peer needs of the server's description."""

    port: int
    ufrag: str
    password: str
    fingerprint: str
    mid: str
    payload_type: int


def read_remote(sdp: str) -> Remote:
    """Read a server's offer or answer.

    :raises ValueError: if the server is not the kind that a light peer can talk to: an ICE-lite
        agent on the loopback, so that the peer is the one who checks.
    """
    if "a=ice-lite" not in sdp:
        raise ValueError("the server is no ICE-lite agent")
    return Remote(
        port=int(_find(r"a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1 (\d+) typ host", sdp)),
        ufrag=_find(r"a=ice-ufrag:(\S+)", sdp),
        password=_find(r"a=ice-pwd:(\S+)", sdp),
        fingerprint=_find(r"a=fingerprint:sha-256 (\S+)", sdp),
        mid=_find(r"a=mid:(\S+)", sdp),
        payload_type=int(_find(r"a=rtpmap:(\d+) opus/48000", sdp)),
    )


def _find(pattern: str, sdp: str) -> str:
    found = re.search(pattern, sdp, re.IGNORECASE)
    if found is None:
        raise ValueError(f"the server's description has no {pattern}")
    return found.group(1)
