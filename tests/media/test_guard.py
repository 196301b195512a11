"""Packets from elsewhere, and a speaker who means harm (promises M-01 to M-03)."""

import asyncio
import random
import socket
import struct
import time
from collections.abc import AsyncIterator

import pytest
from pylibsrtp import Policy, Session

from media.domain.limits import PACKETS_PER_S, QUEUED_DATAGRAMS, SSRCS_PER_SPEAKER
from media.rtp.packet import is_rtcp, read_rtp, rtp_header
from media.rtp.receiver import RtpReceiver
from media.transport.guard import Dropped, SpeakerAllowance
from media.transport.ice import IceLiteConnection
from media.transport.mux import UdpMux
from tests.media.fakes import ANA, BO, FakeStageFeed
from tests.media.peers import Peer, a_node, until
from tests.media.speech import rms, speech
from tests.media.test_stun import a_check

KEY = bytes(range(30))
SOURCE = ("127.0.0.1", 40_000)


@pytest.fixture
async def mux() -> AsyncIterator[UdpMux]:
    opened = UdpMux("127.0.0.1", 0)
    yield opened
    opened.close()


class Clock:
    """Time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def sessions() -> tuple[Session, Session]:
    profile = Policy.SRTP_PROFILE_AES128_CM_SHA1_80
    return tuple(  # type: ignore[return-value]
        Session(Policy(key=KEY, ssrc_type=kind, srtp_profile=profile))
        for kind in (Policy.SSRC_ANY_OUTBOUND, Policy.SSRC_ANY_INBOUND)
    )


class Speaker:
    """A client that holds real keys."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.dropped = Dropped()
        self._protect, unprotect = sessions()
        self.receiver = RtpReceiver(
            unprotect, payload_type=111, clock=self.clock, dropped=self.dropped
        )
        self.receiver.gate(is_open=True)

    def send(self, seq: int, *, ssrc: int = 1, size: int = 60, payload_type: int = 111) -> None:
        header = bytearray(rtp_header(seq, seq * 960, ssrc))
        header[1] = payload_type
        self.receiver.receive(self._protect.protect(bytes(header) + bytes(size)))

    @property
    def received(self) -> int:
        return self.receiver.buffer.counts.received


def test_a_hundred_packets_a_second_are_fine_and_more_are_not() -> None:
    speaker = Speaker()
    for seq in range(PACKETS_PER_S):
        speaker.send(seq)
    assert speaker.received == PACKETS_PER_S

    speaker.send(PACKETS_PER_S)
    assert speaker.received == PACKETS_PER_S
    assert speaker.dropped["rate"] == 1

    speaker.clock.now += 0.5
    for seq in range(200, 300):
        speaker.send(seq)
    assert speaker.received == PACKETS_PER_S * 3 // 2


def test_128_kbit_a_second_are_fine_and_more_are_not() -> None:
    allowance = SpeakerAllowance(0.0)
    sent = 0
    while allowance.left(0.0):
        allowance.charge(1000)
        sent += 1

    assert sent == 16
    assert allowance.left(1.0)


def test_only_authentic_packets_are_charged() -> None:
    speaker = Speaker()
    forged = rtp_header(1, 960, 1) + bytes(60)
    for _ in range(1000):
        speaker.receiver.receive(forged)

    speaker.send(1)

    assert speaker.received == 1
    assert speaker.dropped["srtp not authentic"] == 1000


def test_a_speaker_has_at_most_four_sources() -> None:
    speaker = Speaker()
    for ssrc in range(1, 300):
        speaker.clock.now += 1
        speaker.send(1, ssrc=ssrc)

    assert speaker.received == SSRCS_PER_SPEAKER
    assert speaker.dropped["source"] == 299 - SSRCS_PER_SPEAKER


def test_a_second_source_takes_over_only_when_the_first_is_silent() -> None:
    speaker = Speaker()
    speaker.send(1, ssrc=1)
    speaker.send(1, ssrc=2)
    assert speaker.received == 1

    speaker.clock.now += 0.2
    speaker.send(2, ssrc=2)
    assert speaker.received == 2


def test_another_payload_type_is_not_decoded() -> None:
    speaker = Speaker()
    speaker.send(1, payload_type=13)

    assert speaker.received == 0


def test_what_comes_while_the_gate_is_shut_is_gone_but_authenticated() -> None:
    speaker = Speaker()
    for seq in range(3):
        speaker.send(seq)
    speaker.receiver.gate(is_open=False)
    assert len(speaker.receiver.buffer._packets) == 0
    for seq in range(3, 6):
        speaker.send(seq)
    assert speaker.receiver.pull() is None

    speaker.receiver.gate(is_open=True)

    assert len(speaker.receiver.buffer._packets) == 0
    speaker.send(6)
    assert len(speaker.receiver.buffer._packets) == 1


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"\x80",
        b"\x80\x6f" + bytes(9),
        b"\x8f\x6f" + bytes(10),  # 15 contributors, none there
        b"\x90\x6f" + bytes(10),  # an extension, not there
        b"\x90\x6f" + bytes(10) + b"\xbe\xde\xff\xff",  # longer than the packet
        b"\xa0\x6f" + bytes(10) + b"\xff",  # more padding than packet
        b"\x40\x6f" + bytes(10),  # version 1
    ],
)
def test_contradictory_rtp_is_not_read(packet: bytes) -> None:
    assert read_rtp(packet) is None
    is_rtcp(packet)


async def test_datagrams_of_impossible_size_are_dropped(mux: UdpMux) -> None:
    mux.receive(b"", SOURCE)
    mux.receive(bytes(1501), SOURCE)

    assert mux.dropped["size"] == 2


async def test_only_proven_addresses_reach_a_session(mux: UdpMux) -> None:
    connection = IceLiteConnection(mux)
    mux.receive(a_check(connection), SOURCE)

    mux.receive(b"\x16hello", ("127.0.0.1", 40_001))
    mux.receive(b"\x16hello", SOURCE)

    assert mux.dropped["stranger"] == 1
    assert await connection.recv() == b"\x16hello"


async def test_a_sessions_queue_is_bounded(mux: UdpMux) -> None:
    connection = IceLiteConnection(mux)
    mux.receive(a_check(connection), SOURCE)
    for _ in range(QUEUED_DATAGRAMS + 100):
        mux.receive(b"\x16hello", SOURCE)

    assert mux.dropped["queue full"] == 100


@pytest.mark.slow
@pytest.mark.alone
async def test_hostile_packets_disturb_nobody(feed: FakeStageFeed) -> None:
    feed.seat(ANA)
    seed, packets = 11, 20_000
    chance = random.Random(seed)
    async with a_node(feed) as node:
        ana, bo = Peer(node, ANA, feed.room_id), Peer(node, BO, feed.room_id)
        await bo.listen()
        await ana.publish(speech())
        attacker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        attacker.setblocking(False)
        began = time.monotonic()
        for sent in range(packets):
            attacker.sendto(hostile(chance), ("127.0.0.1", node.ports.udp))
            if sent % 50 == 0:
                await asyncio.sleep(0.005)
        await until(lambda: rms(bo.arrived_since(time.monotonic() - 0.5)) > 300)
        heard = bo.arrived_since(began)
        print(f"seed {seed}: {packets} hostile packets, dropped {dict(node.mux.dropped)}")
        assert len(node.sessions) == 2
        assert len(heard) > 0.9 * 48_000 * (time.monotonic() - began - 0.5)
        attacker.close()
        await ana.close()
        await bo.close()


@pytest.mark.slow
@pytest.mark.alone
async def test_sessions_are_set_up_under_attack_and_close_in_time(feed: FakeStageFeed) -> None:
    chance = random.Random(12)
    attacker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    async with a_node(feed) as node:

        async def attack() -> None:
            while True:
                for _ in range(20):
                    hello = b"\x16\xfe\xfd" + chance.randbytes(60)  # a DTLS record from nowhere
                    attacker.sendto(hello, ("127.0.0.1", node.ports.udp))
                await asyncio.sleep(0.005)

        attacking = asyncio.ensure_future(attack())
        for _ in range(10):
            bo = Peer(node, BO, feed.room_id)
            await bo.listen()
            began = time.monotonic()
            status, _, _ = await bo.request("DELETE", bo.location)
            assert status == 200
            assert time.monotonic() - began < 2
            await bo.close()
        attacking.cancel()
        assert len(node.sessions) == 0
    attacker.close()


def hostile(chance: random.Random) -> bytes:
    kind = chance.randrange(5)
    if kind == 0:
        return b""
    if kind == 1:
        return chance.randbytes(chance.randrange(1, 1500))
    if kind == 2:
        body = chance.randbytes(chance.randrange(0, 200, 4))
        head = struct.pack("!HHI", 1, len(body), 0x2112A442)
        return head + chance.randbytes(12) + body
    if kind == 3:
        return b"\x16\xfe\xfd" + chance.randbytes(50)
    return b"\x80\x6f" + chance.randbytes(100)
