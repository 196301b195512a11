"""Many datagrams by one system call (Linux sendmmsg(2)), from memory laid out once."""

import ctypes
import errno
import socket
import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

from media.transport.stun import Address

SLOT_BYTES: Final = 1024

# struct mmsghdr, struct iovec and struct sockaddr_in of Linux on 64 bit machines.
_MMSGHDR: Final = np.dtype(
    {
        "names": ["name", "namelen", "iov", "iovlen"],
        "formats": ["u8", "u4", "u8", "u8"],
        "offsets": [0, 8, 16, 24],
        "itemsize": 64,
    }
)
_IOVEC: Final = np.dtype([("base", "u8"), ("len", "u8")])
_SOCKADDR_BYTES: Final = 16
_ONE_LOST: Final = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EPERM, errno.EINVAL}

_libc: Final = ctypes.CDLL(None, use_errno=True)


class SendBatch:
    """``capacity`` slots, each with a packet, its length and its address."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.slots: NDArray[np.uint8] = np.zeros((capacity, SLOT_BYTES), np.uint8)
        self._addresses = np.zeros((capacity, _SOCKADDR_BYTES), np.uint8)
        self._vectors = np.zeros(capacity, _IOVEC)
        self._messages = np.zeros(capacity, _MMSGHDR)
        each = np.arange(capacity, dtype=np.uint64)
        self._vectors["base"] = self.slots.ctypes.data + each * SLOT_BYTES
        self._messages["name"] = self._addresses.ctypes.data + each * _SOCKADDR_BYTES
        self._messages["namelen"] = _SOCKADDR_BYTES
        self._messages["iov"] = self._vectors.ctypes.data + each * _IOVEC.itemsize
        self._messages["iovlen"] = 1
        self._first: int = self._messages.ctypes.data

    def address(self, slot: int, to: Address) -> None:
        """Say where a slot's packets go."""
        host, port = to
        packed = struct.pack("=H", socket.AF_INET) + struct.pack("!H", port)
        packed += socket.inet_aton(host) + bytes(8)
        self._addresses[slot] = np.frombuffer(packed, np.uint8)

    def move(self, source: int, target: int) -> None:
        """Let ``target`` go where ``source`` went."""
        self._addresses[target] = self._addresses[source]

    def adopt(self, smaller: "SendBatch") -> None:
        """Take over the addresses of a smaller batch."""
        self._addresses[: smaller.capacity] = smaller._addresses

    def send(self, fileno: int, lengths: NDArray[np.int32]) -> int:
        """Send the first ``len(lengths)`` slots; return how many the kernel took.

        A full socket buffer loses the rest, an unreachable peer loses its own packet.
        """
        count = len(lengths)
        self._vectors["len"][:count] = lengths
        done = taken = 0
        while done < count:
            at = ctypes.c_void_p(self._first + done * _MMSGHDR.itemsize)
            sent = _libc.sendmmsg(fileno, at, count - done, 0)
            if sent > 0:
                done += sent
                taken += sent
                continue
            reason = ctypes.get_errno()
            if reason in _ONE_LOST:
                done += 1
            elif reason != errno.EINTR:
                break
        return taken
