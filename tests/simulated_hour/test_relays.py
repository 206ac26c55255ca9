"""Hours in which everybody misbehaves in the same way, for it is the relay, or our own fault."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path

from newsletter.app.going_on import resume
from newsletter.domain.deliveries import DeliveryState
from tests.simulated_hour.hour import Hour, Readers, an_hour
from tests.simulated_hour.judge import SAME_FAULT, Terms, annoyances
from tests.simulated_hour.receiver_log import visits
from tests.simulated_hour.receivers import OneOfMany, Receiver, Unpersuaded
from tests.workspaces import SHORT

ACCEPTED, DEFERRED = DeliveryState.ACCEPTED, DeliveryState.DEFERRED
PENDING, UNKNOWN = DeliveryState.PENDING, DeliveryState.UNKNOWN

DOMAINS = ("north.example.org", "south.example.org", "west.example.org")
CONNECTIONS = 10
"""To each relay, unless the settings say otherwise."""


def readers(number: int, domains: Sequence[str] = DOMAINS) -> list[Readers]:
    return [Readers(domain, number) for domain in domains]


def annoyed(receivers: Sequence[Receiver]) -> list[str]:
    return [line for receiver in receivers for line in annoyances(receiver.log, Terms())]


def tries(receivers: Sequence[Receiver]) -> int:
    return sum(len(visits(receiver.log)) for receiver in receivers)


def test_when_all_refuse_us_the_edition_is_held_after_five_readers_who_lose_nothing(
    tmp_path: Path,
) -> None:
    receivers = [Unpersuaded(domain) for domain in DOMAINS]
    with an_hour(tmp_path / "workspace", readers(40), receivers) as hour:
        hour.pass_by(60)

        assert hour.edition == ("held", "our-fault")
        assert hour.totals == {PENDING: 120 - SAME_FAULT, DEFERRED: SAME_FAULT}
    assert tries(receivers) == SAME_FAULT
    assert annoyed(receivers) == []


def test_when_the_fault_is_mended_the_edition_goes_on_and_nobody_has_missed_it(
    tmp_path: Path,
) -> None:
    receivers = [Unpersuaded(domain) for domain in DOMAINS]
    with an_hour(tmp_path / "workspace", readers(40), receivers) as hour:
        hour.pass_by(60)
        for receiver in receivers:
            receiver.is_persuaded = True
        resume(hour.workspace, SHORT, actor="test")
        hour.pass_by(60)

        assert hour.edition == ("complete", None)
        assert hour.totals == {ACCEPTED: 120}
    assert annoyed(receivers) == []


def test_a_relay_that_says_421_to_every_tenth_gets_all_of_it_slowly_and_is_left_alone_meanwhile(
    tmp_path: Path,
) -> None:
    numbers = count(1)
    receivers = [OneOfMany(domain, numbers=numbers) for domain in DOMAINS[:2]]
    with an_hour(tmp_path / "workspace", readers(30, DOMAINS[:2]), receivers) as hour:
        hour.pass_by(5 * 60)

        assert hour.edition == ("complete", None)
        assert hour.totals == {ACCEPTED: 60}
    assert annoyed(receivers) == []


def test_when_one_of_two_relays_dies_the_other_takes_all_that_is_left(tmp_path: Path) -> None:
    receivers = [Receiver(domain) for domain in DOMAINS]
    with an_hour(tmp_path / "workspace", readers(60), receivers, receivers) as hour:
        hour.pass_by(60, {1 / 60: hour.relays[0].die})

        assert hour.errors == []
        assert_accepted_but_for_those_in_doubt(hour, 180)
    assert annoyed(receivers) == []


def test_when_the_last_relay_dies_too_what_is_left_waits_for_one_to_come_back(
    tmp_path: Path,
) -> None:
    receivers = [Receiver(domain) for domain in DOMAINS]
    with an_hour(tmp_path / "workspace", readers(60), receivers, receivers) as hour:
        first, second = hour.relays
        hour.pass_by(10, {1 / 60: first.die, 2 / 60: second.die, 8: second.revive})
        hour.pass_by(60)

        assert hour.errors
        assert_accepted_but_for_those_in_doubt(hour, 180)
    assert annoyed(receivers) == []


def assert_accepted_but_for_those_in_doubt(hour: Hour, number: int) -> None:
    """In doubt is at most who was under way by a relay when it died."""
    totals = hour.totals
    assert totals[ACCEPTED] + totals[UNKNOWN] == number
    assert totals[UNKNOWN] <= CONNECTIONS * sum(relay.has_died for relay in hour.relays)
    assert min(len(relay.arrivals) for relay in hour.relays) > 0
