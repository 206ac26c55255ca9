"""Host names that mean this machine, or nobody."""

from __future__ import annotations

import pytest

from newsletter.domain.hosts import is_loopback, is_reserved_example


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_this_machine_is_known_by_name_and_address(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "10.0.0.1", "localhost.example.org", "www.localhost.org"])
def test_no_other_machine_is_taken_for_this_one(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["example.org", "www.Example.COM", "example.net.", "afon.example", "a.b.test", "invalid"],
)
def test_example_hosts_are_known(host: str) -> None:
    """RFC 2606."""
    assert is_reserved_example(host)


@pytest.mark.parametrize(
    "host", ["", "myexample.org", "example.org.uk", "www.test.cymru", "latest", "example.cymru"]
)
def test_no_real_host_is_taken_for_an_example(host: str) -> None:
    assert not is_reserved_example(host)
