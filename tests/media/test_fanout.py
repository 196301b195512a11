"""One packet to everybody, encrypted for each."""

import socket
from collections.abc import AsyncIterator

import pytest
from aiortc.rtp import RtcpPacket, RtcpRrPacket, RtcpSrPacket
from pylibsrtp import Policy, Session

from media.rtp.packet import read_rtp, rtp_header
from media.rtp.reports import Reception, receiver_report, sender_report
from media.transport.fanout import FanOut, Receiver
from media.transport.ice import IceLiteConnection
from media.transport.mux import UdpMux
from tests.media.test_stun import a_check

PROFILE = Policy.SRTP_PROFILE_AEAD_AES_128_GCM


class Listener:
    """A socket with keys of its own."""

    def __init__(self, mux: UdpMux, number: int) -> None:
        key = bytes([number % 256]) * 28
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.to_peer = Session(
            Policy(key=key, ssrc_type=Policy.SSRC_ANY_OUTBOUND, srtp_profile=PROFILE)
        )
        self.reader = Session(
            Policy(key=key, ssrc_type=Policy.SSRC_ANY_INBOUND, srtp_profile=PROFILE)
        )
        self.connection = IceLiteConnection(mux)
        mux.receive(a_check(self.connection), self.socket.getsockname())
        self.socket.recv(2048)  # the answer to the check

    def received(self) -> list[bytes]:
        found = []
        while True:
            try:
                found.append(self.socket.recv(2048))
            except BlockingIOError:
                return found


@pytest.fixture
async def mux() -> AsyncIterator[UdpMux]:
    opened = UdpMux("127.0.0.1", 0)
    yield opened
    opened.close()


def listeners_of(mux: UdpMux, fan_out: FanOut, count: int) -> list[tuple[Listener, Receiver]]:
    made = [Listener(mux, number) for number in range(count)]
    return [(each, fan_out.add(each.to_peer, each.connection, 111)) for each in made]


async def test_everybody_gets_the_same_packet_under_own_keys(mux: UdpMux) -> None:
    fan_out = FanOut(mux)
    listeners = listeners_of(mux, fan_out, 40)  # more than the first capacity

    fan_out.send_rtp(rtp_header(7, 960, 42), b"sound")

    for listener, _ in listeners:
        [datagram] = listener.received()
        packet = read_rtp(listener.reader.unprotect(datagram))
        assert packet is not None
        assert (packet.seq, packet.timestamp, packet.ssrc) == (7, 960, 42)
        assert (packet.payload_type, packet.payload) == (111, b"sound")
    assert fan_out.sent == 40


async def test_everybody_gets_the_payload_type_of_the_own_offer(mux: UdpMux) -> None:
    fan_out = FanOut(mux)
    ana, bo = Listener(mux, 1), Listener(mux, 2)
    fan_out.add(ana.to_peer, ana.connection, 111)
    fan_out.add(bo.to_peer, bo.connection, 96)

    fan_out.send_rtp(rtp_header(7, 960, 42), b"sound")

    for listener, wanted in ((ana, 111), (bo, 96)):
        packet = read_rtp(listener.reader.unprotect(listener.received()[0]))
        assert packet is not None
        assert packet.payload_type == wanted


async def test_who_speaks_gets_another_payload(mux: UdpMux) -> None:
    fan_out = FanOut(mux)
    [(ana, at_ana), (bo, _)] = listeners_of(mux, fan_out, 2)

    fan_out.send_rtp(rtp_header(7, 960, 42), b"everybody", {at_ana: b"the others, longer"})

    by_ana, by_bo = (read_rtp(x.reader.unprotect(x.received()[0])) for x in (ana, bo))
    assert by_ana is not None
    assert by_bo is not None
    assert (by_ana.payload, by_bo.payload) == (b"the others, longer", b"everybody")


async def test_who_leaves_gets_nothing_and_the_others_everything(mux: UdpMux) -> None:
    fan_out = FanOut(mux)
    listeners = listeners_of(mux, fan_out, 20)
    for _, receiver in listeners[3:20:4]:
        fan_out.remove(receiver)

    fan_out.send_rtp(rtp_header(7, 960, 42), b"sound")

    for number, (listener, _) in enumerate(listeners):
        got = listener.received()
        assert len(got) == (number % 4 != 3)
        assert all(listener.reader.unprotect(datagram) for datagram in got)


async def test_sound_follows_a_proven_move(mux: UdpMux) -> None:
    fan_out = FanOut(mux)
    [(ana, _)] = listeners_of(mux, fan_out, 1)
    elsewhere = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    elsewhere.bind(("127.0.0.1", 0))
    elsewhere.settimeout(1)

    mux.receive(a_check(ana.connection), elsewhere.getsockname())
    elsewhere.recv(2048)
    fan_out.send_rtp(rtp_header(7, 960, 42), b"sound")

    assert ana.reader.unprotect(elsewhere.recv(2048)).endswith(b"sound")
    elsewhere.close()


async def test_what_cannot_be_encrypted_is_not_sent(
    mux: UdpMux, monkeypatch: pytest.MonkeyPatch
) -> None:
    fan_out = FanOut(mux)
    [(ana, at_ana), (bo, _)] = listeners_of(mux, fan_out, 2)
    real = fan_out._protect_and_send.__globals__["srtp_protect"]

    def broken(context: object, packet: object, length: object) -> int:
        return 1 if context is at_ana.context else int(real(context, packet, length))

    monkeypatch.setattr("media.transport.fanout.srtp_protect", broken)
    fan_out.send_rtp(rtp_header(7, 960, 42), b"sound")

    assert ana.received() == []
    assert bo.reader.unprotect(bo.received()[0]).endswith(b"sound")
    assert mux.dropped["not encrypted"] == 1


async def test_reports_reach_everybody(mux: UdpMux) -> None:
    fan_out = FanOut(mux)
    listeners = listeners_of(mux, fan_out, 3)
    report = sender_report(ssrc=42, wall_s=1_000.5, timestamp=960, packets=1, octets=5)

    fan_out.send_rtcp(report)

    for listener, _ in listeners:
        assert listener.reader.unprotect_rtcp(listener.received()[0]) == report


def test_aiortc_reads_our_reports() -> None:
    reception = Reception(ssrc=9)
    for seq in (65_534, 65_535, 0, 2):
        reception.note(seq, seq * 960, 0.0)
    written = receiver_report(ssrc=42, blocks=[reception.block()])

    receiver, described = RtcpPacket.parse(written)
    assert isinstance(receiver, RtcpRrPacket)
    [block] = receiver.reports
    assert (block.ssrc, block.packets_lost, block.highest_sequence) == (9, 1, 65_538)
    assert block.fraction_lost == 256 // 5
    sender, _ = RtcpPacket.parse(
        sender_report(ssrc=42, wall_s=1.5, timestamp=960, packets=3, octets=99)
    )
    assert isinstance(sender, RtcpSrPacket)
    assert sender.sender_info.ntp_timestamp == (2_208_988_801 << 32) + (1 << 31)
    assert described is not None
