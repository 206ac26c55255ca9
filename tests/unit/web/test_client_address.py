"""Where a request came from: our own web servers are believed, and nobody else (X16)."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from newsletter.web.client_address import ClientAddresses, as_address

LOCAL = ClientAddresses(["127.0.0.1", "::1"])
TWO_LAYERS = ClientAddresses(["127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48"])
ANY_ADDRESS = st.ip_addresses().map(str)
STRANGERS = st.ip_addresses().filter(lambda one: not one.is_private).map(str)


def _found(addresses: ClientAddresses, peer: str, *forwarded: str) -> str:
    return str(addresses.find(peer, forwarded))


def test_what_our_own_web_server_says_is_believed() -> None:
    assert _found(LOCAL, "127.0.0.1", "203.0.113.9") == "203.0.113.9"


def test_without_a_web_server_in_between_it_is_whoever_asks() -> None:
    assert _found(LOCAL, "203.0.113.9") == "203.0.113.9"
    assert _found(LOCAL, "127.0.0.1") == "127.0.0.1"


@given(STRANGERS, st.lists(st.text() | ANY_ADDRESS))
def test_nobody_else_is_believed_whatever_they_say(peer: str, forwarded: list[str]) -> None:
    assert LOCAL.find(peer, forwarded) == as_address(peer)


@given(STRANGERS, st.lists(st.text() | ANY_ADDRESS))
def test_what_a_client_makes_up_comes_before_what_the_web_server_adds(
    client: str, made_up: list[str]
) -> None:
    one_line = ", ".join([*made_up, client])

    assert LOCAL.find("127.0.0.1", [one_line]) == as_address(client)
    assert LOCAL.find("127.0.0.1", [*made_up, client]) == as_address(client)


@given(STRANGERS)
def test_one_web_server_behind_another_is_seen_through(client: str) -> None:
    forwarded = f"198.51.100.1, {client}, 2001:db8:1::5, 10.1.2.3"

    assert TWO_LAYERS.find("127.0.0.1", [forwarded]) == as_address(client)


def test_lines_count_in_their_order() -> None:
    assert _found(TWO_LAYERS, "127.0.0.1", "198.51.100.1", "203.0.113.9, 10.0.0.1") == "203.0.113.9"


@pytest.mark.parametrize("garbage", ["unknown", "", "_hidden", "203.0.113.9:8080", "203.0.113.999"])
def test_before_garbage_nothing_is_believed(garbage: str) -> None:
    assert _found(LOCAL, "127.0.0.1", f"198.51.100.1, {garbage}") == "127.0.0.1"


@given(st.text(), st.lists(st.text() | ANY_ADDRESS))
def test_anything_may_be_said_and_nothing_breaks(peer: str, forwarded: list[str]) -> None:
    found = TWO_LAYERS.find(peer, forwarded)

    assert found is None or ip_address(str(found)) == found


@given(st.ip_addresses(v=4))
def test_ipv4_is_the_same_in_the_dress_of_ipv6(address: object) -> None:
    assert as_address(f"::ffff:{address}") == address
    assert LOCAL.find("::ffff:127.0.0.1", [f"::ffff:{address}"]) == address


def test_an_address_with_a_zone_is_none() -> None:
    assert as_address("fe80::1%eth0") is None
    assert _found(LOCAL, "127.0.0.1", "fe80::1%eth0") == "127.0.0.1"


def test_of_a_connection_without_an_address_nobody_knows() -> None:
    scope = {"type": "http", "client": None, "headers": [(b"x-forwarded-for", b"203.0.113.9")]}

    assert LOCAL.of(Request(scope)) is None


def test_a_request_is_read_with_all_of_its_lines() -> None:
    lines = [(b"x-forwarded-for", b"198.51.100.1"), (b"x-forwarded-for", b"2001:DB8::0:9")]
    scope = {"type": "http", "client": ("127.0.0.1", 4711), "headers": lines}

    assert LOCAL.of(Request(scope)) == "2001:db8::9"
