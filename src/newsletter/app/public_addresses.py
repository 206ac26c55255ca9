"""Which IP addresses anybody can reach, and which are somebody's own or nobody's (X7)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TypeAlias

IPAddress: TypeAlias = IPv4Address | IPv6Address

# The tables stand here, and not `ipaddress.is_global`, since that one changes with the Python in
# use (CVE-2024-4032). They follow IANA's registries of special-purpose addresses.
_SPECIAL_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this host; 0.0.0.0 connects to this machine
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # behind a carrier's translation; a cloud's metadata, too
        "127.0.0.0/8",  # this machine
        "168.63.129.16/32",  # Azure's platform, as its virtual machines see it
        "169.254.0.0/16",  # link-local; most clouds' metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # IETF protocol assignments; a cloud's metadata, too
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)

# Outside of it lie this machine, link-local, private, multicast and all IPv4 in disguise.
_GLOBAL_UNICAST = IPv6Network("2000::/3")

_SPECIAL_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # IETF protocol assignments; Teredo, which wraps IPv4
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which wraps IPv4
        "3fff::/20",  # documentation
    )
)

# Where a network has no IPv4 of its own, DNS gives every IPv4 host an address in here (RFC 6052).
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: IPAddress) -> bool:
    """Whether the internet at large can reach `address`; one under NAT64 counts as what it wraps.

    Everything else is refused: private and link-local networks, this machine, carriers' and clouds'
    own, multicast, documentation, reserved, and IPv4 wrapped in IPv6 in any other way.
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _SPECIAL_V4)
    if address in _NAT64:
        return is_public(IPv4Address(address.packed[-4:]))
    return address in _GLOBAL_UNICAST and not any(address in network for network in _SPECIAL_V6)
