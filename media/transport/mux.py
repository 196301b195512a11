"""One UDP socket for every peer of a node."""

import asyncio
import socket
import struct
import time
from typing import Final

from media.domain.limits import ADDRESS_QUIET_S, DATAGRAM_BYTES
from media.transport.guard import Dropped
from media.transport.ice import Credentials, IceLiteConnection
from media.transport.stun import Address, binding_success, is_authentic, read_binding_request

_BUFFER_BYTES: Final = 4 << 20
_READ_BYTES: Final = 2048
_READ_AT_ONCE: Final = 128  # then the loop gets its turn: a flood must not stop the ticks
_STUN_FIRST_BYTES: Final = range(4)  # RFC 7983, 7


class UdpMux:
    """Give each datagram to the session that it belongs to, or to nobody.

    STUN is told apart by the user name in it, everything else by its source address, which a
    session owns once it has proven it.
    """

    def __init__(self, host: str, port: int, *, announced_host: str = "") -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            self._socket.setsockopt(socket.SOL_SOCKET, option, _BUFFER_BYTES)
        self._socket.bind((host, port))
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]
        self.host = announced_host or host
        self.dropped = Dropped()
        self._by_ufrag: dict[bytes, tuple[IceLiteConnection, bytes]] = {}
        self._by_address: dict[Address, IceLiteConnection] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Read from now on, in the running loop."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._readable)

    def close(self) -> None:
        """Stop reading and give the port back."""
        if self._loop is not None:
            self._loop.remove_reader(self._socket)
        self._socket.close()

    def fileno(self) -> int:
        """Return the socket's descriptor, for sending many datagrams at once."""
        return self._socket.fileno()

    def now(self) -> float:
        """Return a steady time in seconds."""
        return time.monotonic()

    def send(self, datagram: bytes, to: Address) -> None:
        """Send one datagram; a full buffer loses it, as a full router would."""
        try:
            self._socket.sendto(datagram, to)
        except OSError:
            self.dropped["not sent"] += 1

    def enlist(self, connection: IceLiteConnection, credentials: Credentials) -> None:
        """Let checks with these credentials reach this connection."""
        self._by_ufrag[credentials.ufrag.encode()] = (connection, credentials.key)

    def strike(self, credentials: Credentials) -> None:
        """Answer no checks with these credentials any more."""
        self._by_ufrag.pop(credentials.ufrag.encode(), None)

    def claim(self, address: Address, connection: IceLiteConnection) -> bool:
        """Give a proven address to a connection.

        It stays with its owner until that one has been quiet for 5 s: a person with a session of
        their own and a forged source address cannot take another's packets away.
        """
        owner = self._by_address.get(address)
        if owner not in (None, connection):
            assert owner is not None
            if self.now() - owner.last_check < ADDRESS_QUIET_S:
                self.dropped["address taken"] += 1
                return False
            owner.lose(address)
        self._by_address[address] = connection
        return True

    def release(self, address: Address, connection: IceLiteConnection) -> None:
        """Take an address back from a connection."""
        if self._by_address.get(address) is connection:
            del self._by_address[address]

    def receive(self, datagram: bytes, source: Address) -> None:
        """Sort one datagram; nothing that comes from outside raises."""
        if not 1 <= len(datagram) <= DATAGRAM_BYTES:
            self.dropped["size"] += 1
            return
        try:
            if datagram[0] in _STUN_FIRST_BYTES:
                self._check(datagram, source)
            elif (connection := self._by_address.get(source)) is not None:
                connection.take(datagram)
            else:
                self.dropped["stranger"] += 1
        except (ValueError, IndexError, struct.error):
            self.dropped["unreadable"] += 1

    def _readable(self) -> None:
        for _ in range(_READ_AT_ONCE):
            try:
                datagram, source = self._socket.recvfrom(_READ_BYTES)
            except OSError:  # nothing left, or an ICMP error that concerns one peer
                return
            self.receive(datagram, source)

    def _check(self, datagram: bytes, source: Address) -> None:
        request = read_binding_request(datagram)
        if request is None:
            self.dropped["stun malformed"] += 1
            return
        connection, key = self._by_ufrag.get(request.ufrag, (None, b""))
        if connection is None or not is_authentic(datagram, request, key):
            self.dropped["stun not authentic"] += 1
        elif connection.check(request, source):
            self.send(binding_success(request.transaction_id, source, key), source)
