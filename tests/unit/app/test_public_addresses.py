"""Which addresses may be connected to on somebody else's word (X7)."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.app.public_addresses import is_public

NOT_PUBLIC = {
    "this host": ["0.0.0.0", "0.1.2.3", "::"],
    "this machine": ["127.0.0.1", "127.255.255.254", "::1"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "fc00::1", "fdff::1"],
    "link-local": ["169.254.1.1", "fe80::1", "fe80::1%eth0", "fec0::1"],
    "metadata of clouds": [
        "169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254",
    ],
    "behind a carrier": ["100.64.0.1", "100.127.255.255"],
    "multicast and broadcast": ["224.0.0.1", "239.1.1.1", "255.255.255.255", "ff02::1", "ff0e::1"],
    "reserved": ["240.0.0.1", "192.0.0.1", "192.88.99.1", "5f00::1"],
    "benchmarks": ["198.18.0.1", "198.19.255.255", "2001:2::1"],
    "documentation": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
    "IPv4 as IPv6": ["::ffff:10.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "::127.0.0.1"],
    "6to4 and Teredo": ["2002:a00:1::1", "2002:808:808::1", "2001:0:a00:1::1", "2001::1"],
    "NAT64": [
        "64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::8.8.8.8",
    ],
    "discard": ["100::1"],
}  # fmt: skip


UNDER_NAT64 = IPv6Network("64:ff9b::/96")


@pytest.mark.parametrize("address", [address for group in NOT_PUBLIC.values() for address in group])
def test_an_address_that_is_somebodys_own_or_nobodys_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "172.15.255.255", "172.32.0.0", "192.0.1.1", "223.255.255.255",
        "2606:4700::1111", "2a00:1450::1", "2001:200::1", "2001:4860::8888", "64:ff9b::8.8.8.8",
    ],
)  # fmt: skip
def test_any_other_address_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_under_nat64_an_address_is_what_it_wraps(wrapped: object) -> None:
    assert is_public(IPv6Address(f"64:ff9b::{wrapped}")) == is_public(ip_address(str(wrapped)))


@given(st.ip_addresses().filter(lambda address: address not in UNDER_NAT64))
def test_what_python_knows_to_be_private_is_never_public(address: object) -> None:
    known = ip_address(str(address))

    assert not (is_public(known) and (known.is_private or known.is_multicast or known.is_reserved))
