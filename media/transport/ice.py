"""One peer behind the shared socket, as ICE-lite sees it (RFC 8445, 2.5)."""

import asyncio
import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from media.domain.limits import CHECK_LIST, QUEUED_DATAGRAMS, SESSION_EXPIRES_S
from media.transport.stun import Address, BindingRequest

if TYPE_CHECKING:
    from media.transport.mux import UdpMux

_ALPHABET: Final = string.ascii_letters + string.digits
_SRTP_FIRST_BYTES: Final = range(128, 192)  # RFC 7983, 7
_REMEMBERED_CHECKS: Final = 64


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a peer must know to be answered: 48 and 143 bits (RFC 8445, 5.3 asks for 24, 128)."""

    ufrag: str
    password: str

    @classmethod
    def fresh(cls) -> "Credentials":
        """Return new random ones."""
        return cls(_random(8), _random(24))

    @property
    def key(self) -> bytes:
        """The key of MESSAGE-INTEGRITY."""
        return self.password.encode()


class IceLiteConnection:
    """Stands in for ``aioice.Connection``: learns where the peer is, never asks.

    * Datagrams are taken only from addresses that an authenticated check came from.
    * They go only to the address that the peer nominated by such a check.
    * No address that a client names in its offer is ever sent to.
    """

    def __init__(self, mux: "UdpMux") -> None:
        self.credentials = Credentials.fresh()
        self.address: Address | None = None  # nominated: where we send
        self.checked: list[Address] = []  # proven: whom we listen to
        self.last_check = mux.now()
        self.on_srtp: Callable[[bytes], None] | None = None
        self.on_record: Callable[[bytes], None] | None = None  # DTLS after the handshake
        self.on_address: Callable[[Address], None] | None = None
        self._mux = mux
        self._former: Credentials | None = None  # until the peer nominates after a restart
        self._origins: dict[bytes, Address] = {}
        # Only until the handshake is done:
        self._nominated: asyncio.Event | None = asyncio.Event()
        self._queue: asyncio.Queue[bytes | None] | None = asyncio.Queue(QUEUED_DATAGRAMS)
        self._closed = False
        mux.enlist(self, self.credentials)

    async def connect(self) -> None:
        """Wait until the peer has proven where it is.

        :raises ConnectionError: if it has not within 30 s, or was closed.
        """
        assert self._nominated is not None
        try:
            async with asyncio.timeout(SESSION_EXPIRES_S):
                await self._nominated.wait()
        except TimeoutError:
            raise ConnectionError("no connectivity check came") from None
        if self._closed:
            raise ConnectionError("closed")

    async def recv(self) -> bytes:
        """Return the next datagram that is neither STUN nor SRTP.

        :raises ConnectionError: once the connection is closed.
        """
        queue = None if self._closed else self._queue
        datagram = await queue.get() if queue is not None else None
        if datagram is None:
            raise ConnectionError("closed")
        return datagram

    async def send(self, datagram: bytes) -> None:
        """Send to the nominated address.

        :raises ConnectionError: if there is none.
        """
        if self._closed or self.address is None:
            raise ConnectionError("no address")
        self.post(datagram)

    def post(self, datagram: bytes) -> None:
        """Send to the nominated address, if there is one."""
        if self.address is not None:
            self._mux.send(datagram, self.address)

    def settle(self, on_record: Callable[[bytes], None]) -> None:
        """Hand on DTLS records directly from now on; nobody waits in ``recv`` any more."""
        if self._closed:
            return
        queue, self._queue, self._nominated = self._queue, None, None
        self.on_record = on_record
        while queue is not None and not queue.empty():
            on_record(queue.get_nowait() or b"")

    def take(self, datagram: bytes) -> None:
        """Take a datagram from a proven address; what overflows is lost, as on the wire."""
        if datagram[0] in _SRTP_FIRST_BYTES:
            if self.on_srtp is not None:
                self.on_srtp(datagram)
        elif self._queue is None:
            if self.on_record is not None:
                self.on_record(datagram)
        elif self._queue.full():
            self._mux.dropped["queue full"] += 1
        else:
            self._queue.put_nowait(datagram)

    def check(self, request: BindingRequest, source: Address) -> bool:
        """Note an authenticated check; return whether it is to be answered.

        The same transaction from a second address is a replay: somebody who saw the request wants
        our packets elsewhere.
        """
        if self._origins.setdefault(request.transaction_id, source) != source:
            self._mux.dropped["stun replayed"] += 1
            return False
        while len(self._origins) > _REMEMBERED_CHECKS:
            del self._origins[next(iter(self._origins))]
        if source not in self.checked and not self._admit(source):
            return False
        self.last_check = self._mux.now()
        if request.nominates or self.address is None:
            self._nominate(source, request.ufrag)
        return True

    def lose(self, address: Address) -> None:
        """Give up an address that another session has proven since."""
        self.checked.remove(address)

    def restart(self) -> Credentials:
        """Ask the peer to prove itself anew; DTLS and SRTP stay (RFC 8445, 2.4).

        The former credentials count until the peer nominates with the new ones.
        """
        if self._former is not None:
            self._mux.strike(self._former)
        self._former, self.credentials = self.credentials, Credentials.fresh()
        self._mux.enlist(self, self.credentials)
        return self.credentials

    async def close(self) -> None:
        """Forget the peer; whoever waits in ``recv`` or ``connect`` gets a ConnectionError."""
        if self._closed:
            return
        self._closed = True
        self.on_srtp = self.on_record = self.on_address = None
        for credentials in (self.credentials, self._former):
            if credentials is not None:
                self._mux.strike(credentials)
        for address in self.checked:
            self._mux.release(address, self)
        self.checked.clear()
        if self._nominated is not None:
            self._nominated.set()
        if self._queue is not None:
            while not self._queue.empty():
                self._queue.get_nowait()
            self._queue.put_nowait(None)

    def _admit(self, source: Address) -> bool:
        if not self._mux.claim(source, self):
            return False
        self.checked.append(source)
        if len(self.checked) > CHECK_LIST:
            oldest = next(each for each in self.checked if each != self.address)
            self.checked.remove(oldest)
            self._mux.release(oldest, self)
        return True

    def _nominate(self, source: Address, ufrag: bytes) -> None:
        if self._former is not None and ufrag == self.credentials.ufrag.encode():
            self._mux.strike(self._former)
            self._former = None
        if source == self.address:
            return
        self.address = source
        if self._nominated is not None:
            self._nominated.set()
        if self.on_address is not None:
            self.on_address(source)


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
