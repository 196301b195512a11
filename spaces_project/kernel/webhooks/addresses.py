"""Where a request of ours may go, told from what somebody else has written (OWASP: SSRF)."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from django.conf import settings
from yarl import URL

from spaces_project.kernel.webhooks.errors import WebhookUrlNotAllowed

Address = IPv4Address | IPv6Address

LONGEST_URL: Final = 2048
LOW_PORTS: Final = frozenset({80, 443})
FIRST_HIGH_PORT: Final = 1024
# What old resolvers take for an address: 127.1, 0x7f000001, 0177.0.0.1, 2130706433.
_NUMERIC: Final = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)
_PLAIN: Final = re.compile(r"[!-~]+")  # printable ASCII without spaces

# IANA's special-purpose registries (RFC 6890), and what is no unicast at all.
_FORBIDDEN: Final = tuple(
    ip_network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20",
    )
)  # fmt: skip
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits
_LOW_32: Final = (1 << 32) - 1


def checked_url(text: str) -> URL:
    """Return an address to which webhooks may go, as far as its text tells.

    :raises WebhookUrlNotAllowed: saying what is wrong with it.
    """
    if len(text) > LONGEST_URL or not _PLAIN.fullmatch(text) or "\\" in text:
        raise WebhookUrlNotAllowed("Write it in at most 2,048 characters of plain ASCII.")
    try:
        url = URL(text)
        port = url.explicit_port if url.explicit_port is not None else url.port
    except ValueError:
        raise WebhookUrlNotAllowed("This is no address.") from None
    if url.scheme not in {"https", "http"} or not url.host:
        raise WebhookUrlNotAllowed("It must be an https address.")
    if url.scheme == "http" and not settings.WEBHOOK_ALLOWED_NETWORKS:
        raise WebhookUrlNotAllowed("It must be https.")
    if url.user is not None or url.password is not None or "@" in url.raw_authority:
        raise WebhookUrlNotAllowed("It must not hold a user or a password.")
    if "#" in text:
        raise WebhookUrlNotAllowed("It must not hold a fragment.")
    if port is None or (port not in LOW_PORTS and port < FIRST_HIGH_PORT):
        raise WebhookUrlNotAllowed("Only the ports 443, 80 and those from 1024 on are allowed.")
    if (literal := _literal(url.host)) is None:
        if _NUMERIC.fullmatch(url.host):
            raise WebhookUrlNotAllowed("Write an IPv4 address as four decimal numbers.")
    else:
        must_be_allowed([literal], plain=url.scheme == "http")
    return url


def must_be_allowed(addresses: Iterable[Address], *, plain: bool) -> None:
    """Refuse unless all addresses behind a name may be called.

    :param plain: without TLS: only what the operator has named.
    :raises WebhookUrlNotAllowed: if there is none, or one that is not public.
    """
    found = list(addresses)
    if not found or not all(_is_allowed(each, plain=plain) for each in found):
        raise WebhookUrlNotAllowed("It does not lead to public addresses only.")


def is_public(address: Address) -> bool:
    """Tell whether an address is somebody's on the internet, whatever it is wrapped in."""
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & _LOW_32)
        if inner is not None:
            return is_public(inner)
        if address not in _GLOBAL_UNICAST:
            return False
    return not any(address in network for network in _FORBIDDEN)


def _is_allowed(address: Address, *, plain: bool) -> bool:
    named = any(address in network for network in settings.WEBHOOK_ALLOWED_NETWORKS)
    return named or (not plain and is_public(address))


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
