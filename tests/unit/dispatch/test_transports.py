"""The connections to the relays of a workspace, and which of them lets an edition begin."""

from __future__ import annotations

import asyncio

import pytest

from newsletter.dispatch.relay import Security, SmtpRelay
from newsletter.dispatch.relays import WeightedRelay
from newsletter.dispatch.transports import connect_all, open_first
from newsletter.domain.deliveries import Envelope, Outcome
from newsletter.domain.errors import BadInput, NewsletterError, RelayUnreachable


class Door:
    """A connection that opens, or says why not; nobody is to go through it."""

    name = "smtp"

    def __init__(self, relay: str, fault: NewsletterError | None = None) -> None:
        self.relay = relay
        self.tries = 0
        self._fault = fault

    async def open(self) -> None:
        self.tries += 1
        if self._fault is not None:
            raise self._fault

    async def begin(self, envelope: Envelope, message: bytes) -> Outcome | None:
        raise AssertionError(self.relay)

    async def finish(self) -> Outcome:
        raise AssertionError(self.relay)

    async def close(self) -> None:
        raise AssertionError(self.relay)


def refusing(relay: str, what: str = "the connection was refused", cure: str = "Look.") -> Door:
    return Door(relay, RelayUnreachable(what, where=relay, cure=cure))


def test_each_relay_has_the_connections_that_it_takes() -> None:
    one, two = (
        WeightedRelay(SmtpRelay(Security.TLS, f"{name}.example.org", 465), connections)
        for name, connections in (("one", 2), ("two", 1))
    )

    transports = connect_all([one, two])

    assert [transport.relay for transport in transports] == [one.name, one.name, two.name]


def test_the_first_relay_that_opens_is_enough() -> None:
    doors = [refusing("one:25"), refusing("one:25"), Door("two:25"), Door("three:25")]

    opened = asyncio.run(open_first(doors))

    assert opened is doors[2]
    assert [door.tries for door in doors] == [1, 0, 1, 0]


def test_when_none_opens_each_is_named_with_its_fault_and_each_cure_once() -> None:
    doors = [
        refusing("one:25"),
        refusing("two:25", "the connection timed out"),
        refusing("three:25", "its certificate has expired", "Renew it."),
    ]

    with pytest.raises(RelayUnreachable) as nothing:
        asyncio.run(open_first(doors))

    assert nothing.value.lines() == [
        "none of the 3 relays can be used: one:25: the connection was refused; two:25: the"
        " connection timed out; three:25: its certificate has expired",
        "Look. Renew it.",
    ]


def test_the_fault_of_a_relay_alone_is_told_as_it_is() -> None:
    with pytest.raises(RelayUnreachable) as nothing:
        asyncio.run(open_first([refusing("one:25"), refusing("one:25")]))

    assert nothing.value.lines() == ["one:25: the connection was refused", "Look."]


def test_a_setting_that_is_no_good_is_told_though_others_would_open() -> None:
    bad = Door("one:25", BadInput("no certificates can be read", where="relay.ca_file"))

    with pytest.raises(BadInput, match="no certificates"):
        asyncio.run(open_first([bad, Door("two:25")]))
