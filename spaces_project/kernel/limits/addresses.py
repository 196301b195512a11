"""Where a request comes from: what stands in X-Forwarded-For counts only from our own proxies."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Network = IPv4Network | IPv6Network
UNKNOWN: Final = "unknown"
ONE_CUSTOMER: Final = 64  # bits: who has one IPv6 address has all that begin with these


def networks(text: str) -> tuple[Network, ...]:
    """Return the networks in ``SPACES_TRUSTED_PROXIES``, e.g. ``10.0.0.0/8 ::1``.

    :raises ValueError: if one is none.
    """
    return tuple(ip_network(word) for word in text.split())


def client_address(peer: str, forwarded_for: str, trusted: Sequence[Network]) -> str:
    """Return the address of the client, as one subject of a limit.

    :param peer: who is connected to us.
    :param forwarded_for: the header, which anybody may send: each proxy adds its own peer at the
        end, so the last address that is not a proxy of ours is the client.
    """
    client = peer
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    while hops and _is_within(client, trusted):
        client = hops.pop()
    return _subject(client)


def _is_within(text: str, trusted: Sequence[Network]) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return any(address in network for network in trusted)


def _subject(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return UNKNOWN
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network((address, ONE_CUSTOMER), strict=False))
    return str(address)
