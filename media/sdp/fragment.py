"""Trickle-ICE fragments: what a PATCH of a session carries (RFC 8840, RFC 9725, 4.3)."""

import re
from typing import Final

from media.domain.errors import FragmentIsMalformed
from media.domain.limits import OFFER_BYTES
from media.sdp.answer import Here
from media.transport.ice import Credentials

CONTENT_TYPE: Final = "application/trickle-ice-sdpfrag"
_UFRAG: Final = re.compile(r"^a=ice-ufrag:([A-Za-z0-9+/]{4,256})\s*$", re.MULTILINE)


def read_ufrag(body: bytes) -> str | None:
    """Return the peer's user name fragment; None if the fragment names none.

    :raises FragmentIsMalformed: if it is no text or too long.
    """
    if len(body) > OFFER_BYTES:
        raise FragmentIsMalformed(detail="The fragment is larger than 32 KiB.")
    try:
        found = _UFRAG.search(body.decode())
    except UnicodeDecodeError:
        raise FragmentIsMalformed(detail="The fragment is not UTF-8.") from None
    return found.group(1) if found else None


def write_restart(credentials: Credentials, here: Here, *, mid: str, payload_type: int) -> str:
    """Return the fragment that answers an ICE restart."""
    lines = [
        "a=ice-lite",
        f"a=ice-ufrag:{credentials.ufrag}",
        f"a=ice-pwd:{credentials.password}",
        f"m=audio 9 UDP/TLS/RTP/SAVPF {payload_type}",
        f"a=mid:{mid}",
        here.candidate(),
        "a=end-of-candidates",
    ]
    return "\r\n".join(lines) + "\r\n"
