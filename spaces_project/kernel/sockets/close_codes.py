"""Why the server closes a socket (4000-4999: private use, RFC 6455, section 7.4.2)."""

from typing import Final

BAD_FRAME: Final = 4001
NOT_AUTHENTICATED: Final = 4003
AUTHENTICATION_FAILED: Final = 4004  # final
RATE_LIMITED: Final = 4008
TIMED_OUT: Final = 4009
TOO_SLOW: Final = 4013
ELSEWHERE: Final = 4409  # final: the same person opened the room in another place
FORBIDDEN: Final = 4403  # final
NOT_FOUND: Final = 4404  # final
ROOM_OVER: Final = 4410  # final
RESTART: Final = 1012  # come back with jitter
FULL: Final = 1013  # this process has as many sockets as it takes (IANA: try again later)
INTERNAL: Final = 1011
