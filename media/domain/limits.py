"""The numbers of this app: what is too much, too long, or too often."""

from typing import Final

OFFER_BYTES: Final = 32 * 1024
CANDIDATES: Final = 20
OFFERS_PER_MINUTE: Final = 6
HLS_PER_MINUTE: Final = 600  # a playlist and a segment a second, and room for restless players
BODY_S: Final = 5.0  # for a body to arrive

DATAGRAM_BYTES: Final = 1500
QUEUED_DATAGRAMS: Final = 256
CHECK_LIST: Final = 20  # addresses that one session may prove

SSRCS_PER_SPEAKER: Final = 4
PACKETS_PER_S: Final = 100
BITS_PER_S: Final = 128_000

SESSION_EXPIRES_S: Final = 30.0  # after the last valid Binding request (RFC 7675, 5.1)
ADDRESS_QUIET_S: Final = 5.0  # after this, another session may prove the same address
HANDSHAKE_S: Final = 10.0
CLOSE_S: Final = 1.5

LEVELS_PER_S: Final = 10
REPORT_EVERY_S: Final = 3.0
LOG_LOOKED_AT_S: Final = 3.0  # the feed looks every 2 s; behind this long, nobody is heard
