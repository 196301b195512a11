"""Connectivity checks, with aioice as an independent peer."""

import asyncio
import random
from collections.abc import AsyncIterator

import aioice
import pytest
from aioice import stun

from media.domain.limits import CHECK_LIST
from media.transport.ice import IceLiteConnection
from media.transport.mux import UdpMux
from media.transport.stun import binding_success, is_authentic, read_binding_request

SOURCE = ("127.0.0.1", 40_000)
ELSEWHERE = ("127.0.0.1", 40_001)


@pytest.fixture
async def mux() -> AsyncIterator[UdpMux]:
    opened = UdpMux("127.0.0.1", 0)
    opened.start()
    yield opened
    opened.close()


def a_check(connection: IceLiteConnection, *, nominates: bool = True, password: str = "") -> bytes:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{connection.credentials.ufrag}:peer"
    message.attributes["PRIORITY"] = 1
    message.attributes["ICE-CONTROLLING"] = 1
    if nominates:
        message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity((password or connection.credentials.password).encode())
    return bytes(message)


async def test_a_check_made_by_aioice_is_read_and_its_integrity_verified(mux: UdpMux) -> None:
    connection = IceLiteConnection(mux)
    datagram = a_check(connection)

    request = read_binding_request(datagram)

    assert request is not None
    assert request.ufrag == connection.credentials.ufrag.encode()
    assert request.nominates
    assert is_authentic(datagram, request, connection.credentials.key)
    assert not is_authentic(datagram, request, b"another key")


def test_aioice_reads_our_answer_and_finds_it_authentic() -> None:
    answer = binding_success(b"123456789012", SOURCE, b"key")

    message = stun.parse_message(answer)

    assert message.attributes["XOR-MAPPED-ADDRESS"] == SOURCE
    assert message.message_class is stun.Class.RESPONSE
    assert message.check_message_integrity(b"key")


async def test_aioice_connects_and_is_nominated(mux: UdpMux) -> None:
    ours = IceLiteConnection(mux)
    theirs = aioice.Connection(ice_controlling=True)
    await theirs.gather_candidates()
    theirs.remote_username = ours.credentials.ufrag
    theirs.remote_password = ours.credentials.password
    theirs.remote_is_lite = True
    here = aioice.Candidate("1", 1, "udp", 2_130_706_431, "127.0.0.1", mux.port, "host")
    await theirs.add_remote_candidate(here)
    await theirs.add_remote_candidate(None)

    await asyncio.wait_for(asyncio.gather(theirs.connect(), ours.connect()), 5)
    await theirs.send(b"\x20hello")
    await ours.send(b"\x20welcome")

    assert await ours.recv() == b"\x20hello"
    assert await theirs.recv() == b"\x20welcome"
    await theirs.close()
    await ours.close()


@pytest.mark.parametrize("cut", range(0, 90, 7))
async def test_a_cut_check_is_no_check(mux: UdpMux, cut: int) -> None:
    datagram = a_check(IceLiteConnection(mux))[:cut]

    request = read_binding_request(datagram)

    assert request is None


async def test_what_stands_behind_the_signature_does_not_count(mux: UdpMux) -> None:
    connection = IceLiteConnection(mux)
    honest = a_check(connection, nominates=False)[:-8]  # without FINGERPRINT
    forged = bytearray(honest + b"\x00\x25\x00\x00")  # USE-CANDIDATE added by somebody else
    forged[2:4] = (len(forged) - 20).to_bytes(2)

    request = read_binding_request(bytes(forged))

    assert request is not None
    assert not request.nominates


async def test_only_a_nominating_check_moves_the_address(mux: UdpMux) -> None:
    connection = IceLiteConnection(mux)
    mux.receive(a_check(connection), SOURCE)
    mux.receive(a_check(connection, nominates=False), ELSEWHERE)
    addresses = [connection.address]
    mux.receive(a_check(connection, password="wrong" * 5), ELSEWHERE)
    addresses.append(connection.address)
    mux.receive(a_check(connection), ELSEWHERE)
    addresses.append(connection.address)

    assert addresses == [SOURCE, SOURCE, ELSEWHERE]


async def test_a_replayed_check_moves_nothing(mux: UdpMux) -> None:
    connection = IceLiteConnection(mux)
    seen_on_the_wire = a_check(connection)
    mux.receive(seen_on_the_wire, SOURCE)

    mux.receive(seen_on_the_wire, ELSEWHERE)

    assert connection.address == SOURCE
    assert connection.checked == [SOURCE]


async def test_nobody_takes_a_living_peers_address(mux: UdpMux) -> None:
    ana, bo = IceLiteConnection(mux), IceLiteConnection(mux)
    mux.receive(a_check(ana), SOURCE)

    mux.receive(a_check(bo), SOURCE)
    at_first = bo.address
    ana.last_check -= 6
    mux.receive(a_check(bo), SOURCE)

    assert (at_first, bo.address) == (None, SOURCE)
    assert ana.checked == []


async def test_the_check_list_is_bounded(mux: UdpMux) -> None:
    connection = IceLiteConnection(mux)
    mux.receive(a_check(connection), SOURCE)
    for port in range(41_000, 41_100):
        mux.receive(a_check(connection, nominates=False), ("127.0.0.1", port))

    assert len(connection.checked) <= CHECK_LIST
    assert SOURCE in connection.checked


async def test_a_restart_takes_effect_when_the_peer_nominates(mux: UdpMux) -> None:
    connection = IceLiteConnection(mux)
    mux.receive(a_check(connection), SOURCE)
    former = connection.credentials
    connection.restart()
    assert connection.credentials != former

    with_former = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    with_former.attributes["USERNAME"] = f"{former.ufrag}:peer"
    with_former.add_message_integrity(former.password.encode())
    before = connection.last_check = 0.0
    mux.receive(bytes(with_former), SOURCE)
    assert connection.last_check > before, "the former pair still counts"

    mux.receive(a_check(connection), ELSEWHERE)
    assert connection.address == ELSEWHERE
    connection.last_check = 0.0
    mux.receive(bytes(with_former), SOURCE)
    assert connection.last_check == 0.0, "and now it does not"


async def test_who_waits_on_a_closed_connection_is_told(mux: UdpMux) -> None:
    connection = IceLiteConnection(mux)
    waiting = asyncio.ensure_future(connection.recv())
    await asyncio.sleep(0)

    await connection.close()

    with pytest.raises(ConnectionError):
        await waiting
    with pytest.raises(ConnectionError):
        await connection.recv()
    with pytest.raises(ConnectionError):
        await connection.connect()


def test_random_bytes_shaped_like_stun_never_raise() -> None:
    chance = random.Random(3)
    for _ in range(20_000):
        body = chance.randbytes(chance.randrange(60))
        head = b"\x00\x01" + len(body).to_bytes(2) + b"\x21\x12\xa4\x42" + chance.randbytes(12)
        datagram = head + body
        request = read_binding_request(datagram)
        if request is not None:
            is_authentic(datagram, request, b"key")
