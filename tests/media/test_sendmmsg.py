"""One system call for many datagrams: whatever the kernel takes of them, each goes out once."""

import ctypes
import errno
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from media.transport import sendmmsg
from media.transport.mux import UdpMux
from media.transport.sendmmsg import SendBatch

PACKETS = 10

Call = Callable[[int, ctypes.c_void_p, int, int], int]
REAL: Call = sendmmsg._libc.sendmmsg


class Kernel:
    """Answers sendmmsg as told, then as the real one does."""

    def __init__(self, *answers: int | str) -> None:
        self.answers = list(answers)
        self.asked: list[int] = []

    def sendmmsg(self, fileno: int, at: ctypes.c_void_p, count: int, flags: int) -> int:
        self.asked.append(count)
        answer = self.answers.pop(0) if self.answers else count
        if isinstance(answer, int):
            return REAL(fileno, at, min(answer, count), flags)
        ctypes.set_errno(getattr(errno, answer))
        return -1


@pytest.fixture
def sockets() -> Iterator[tuple[socket.socket, socket.socket]]:
    pair = []
    for _ in range(2):
        opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        opened.bind(("127.0.0.1", 0))
        opened.settimeout(5)
        pair.append(opened)
    yield pair[0], pair[1]
    for opened in pair:
        opened.close()


def a_batch(to: socket.socket) -> SendBatch:
    batch = SendBatch(PACKETS)
    for slot in range(PACKETS):
        batch.address(slot, to.getsockname())
        batch.slots[slot, 0] = slot
    return batch


@pytest.mark.parametrize(
    ("answers", "calls", "arrive"),
    [
        ([], 1, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ([3, 1, 4], 4, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ([1] * 10, 10, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (["EINTR", 5, "EINTR"], 4, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (["EHOSTUNREACH"], 2, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ([4, "EPERM"], 3, [0, 1, 2, 3, 5, 6, 7, 8, 9]),
        ([9, "ENETUNREACH"], 2, [0, 1, 2, 3, 4, 5, 6, 7, 8]),
        ([6, "EAGAIN"], 2, [0, 1, 2, 3, 4, 5]),
        (["ENOBUFS"], 1, []),
    ],
)
def test_each_datagram_is_tried_once_however_few_the_kernel_takes(
    monkeypatch: pytest.MonkeyPatch,
    sockets: tuple[socket.socket, socket.socket],
    answers: list[int | str],
    calls: int,
    arrive: list[int],
) -> None:
    sender, receiver = sockets
    kernel = Kernel(*answers)
    monkeypatch.setattr(sendmmsg, "_libc", kernel)

    taken = a_batch(receiver).send(sender.fileno(), np.ones(PACKETS, np.int32))

    assert taken == len(arrive)
    assert len(kernel.asked) == calls
    assert [receiver.recv(10)[0] for _ in arrive] == arrive
    receiver.setblocking(False)
    with pytest.raises(BlockingIOError):
        receiver.recv(10)


def most_bytes(limit: str) -> int:
    return int(Path(f"/proc/sys/net/core/{limit}").read_text("ascii"))


async def test_the_nodes_socket_holds_4_mib_both_ways() -> None:
    """As far as the machine allows: a burst for 1,000 listeners is 800 KB of kernel memory."""
    mux = UdpMux("127.0.0.1", 0)
    for option, limit in ((socket.SO_SNDBUF, "wmem_max"), (socket.SO_RCVBUF, "rmem_max")):
        allowed = most_bytes(limit)
        given = mux._socket.getsockopt(socket.SOL_SOCKET, option)
        assert given >= 2 * min(4 << 20, allowed), "Linux doubles it for its own needs"
    mux.close()
