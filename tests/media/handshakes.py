"""Two ends of a DTLS association, without a network between them."""

import asyncio

from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)
from pylibsrtp import Session

from media.transport.adapter import Certificates, DtlsEndpoint, fingerprint_of


class Pipe:
    """Datagrams between two ends of one test."""

    role = "controlled"

    def __init__(self) -> None:
        self.inbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.other: Pipe = self

    async def recv(self) -> bytes:
        datagram = await self.inbox.get()
        if datagram is None:
            raise ConnectionError
        return datagram

    async def send(self, datagram: bytes) -> None:
        self.other.inbox.put_nowait(datagram)

    def post(self, datagram: bytes) -> None:
        self.other.inbox.put_nowait(datagram)

    _recv, _send = recv, send


def pipes() -> tuple[Pipe, Pipe]:
    ours, theirs = Pipe(), Pipe()
    ours.other, theirs.other = theirs, ours
    return ours, theirs


async def a_handshake() -> tuple[DtlsEndpoint, RTCDtlsTransport, tuple[Session, Session]]:
    ours, theirs = pipes()
    certificate, of_server = Certificates().current(), Certificates().current()
    server = DtlsEndpoint(ours, of_server)
    client = RTCDtlsTransport(theirs, [certificate])  # type: ignore[arg-type]
    client._set_role("client")
    prints = [("sha-256", fingerprint_of(certificate))]
    keys, _ = await asyncio.gather(server.handshake(prints), client.start(parameters(of_server)))
    return server, client, keys


def parameters(certificate: RTCCertificate) -> RTCDtlsParameters:
    value = fingerprint_of(certificate)
    return RTCDtlsParameters([RTCDtlsFingerprint(algorithm="sha-256", value=value)])


def records(server: DtlsEndpoint) -> list[bytes]:
    """What waits for a server that nobody reads for any more."""
    pipe = server._datagrams
    assert isinstance(pipe, Pipe)
    waiting = [pipe.inbox.get_nowait() for _ in range(pipe.inbox.qsize())]
    return [record for record in waiting if record is not None]
