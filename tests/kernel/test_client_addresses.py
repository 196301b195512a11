"""Addresses of clients: forged headers change nothing."""

import pytest

from spaces_project.kernel.limits.addresses import client_address, networks

OURS = networks("10.0.0.0/8 fd00::/8")


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # a client says so, not a proxy
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),  # what came in is not believed
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.2.0.1", "198.51.100.1"),
        ("10.0.0.1", "10.9.9.9", "10.9.9.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "unknown"),
        ("", "198.51.100.1", "unknown"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "", "203.0.113.7"),
        ("fd00::1", "2001:db8::9", "2001:db8::/64"),
    ],
)
def test_the_last_address_that_is_no_proxy_of_ours_is_the_client(
    peer: str, forwarded_for: str, client: str
) -> None:
    assert client_address(peer, forwarded_for, OURS) == client


def test_without_a_proxy_nobody_is_believed() -> None:
    assert client_address("127.0.0.1", "6.6.6.6", ()) == "127.0.0.1"
