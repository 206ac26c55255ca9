"""Ten receivers that misbehave, among three that do not, and what the hour is to come to for each:
written down before it begins."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from newsletter.app import people
from newsletter.app.workspace import Workspace
from newsletter.domain.deliveries import DeliveryState
from tests.simulated_hour.hour import an_hour
from tests.simulated_hour.outcome import Expected, Row, rows
from tests.simulated_hour.receiver_log import Line
from tests.simulated_hour.receivers import (
    Crowded,
    Departed,
    Full,
    Greylisting,
    Measured,
    Narrow,
    Odd,
    Overrun,
    Receiver,
    Slow,
    Tiring,
    Unpersuaded,
    Wary,
)
from tests.workspaces import TOPIC

MINUTES = 60
LEAVING = ("cy003", "en004", "cy005")
"""Readers of the greylisting receiver who leave while their mail waits."""
LEAVING_AT = 2
CALM = "calm.example.org"
GREYLISTING = "greylisting.example.org"
DEPARTED = "departed.example.org"
GONE = ("cy011", "en020", "cy035", "en058")
"""Readers whom the departed receiver does not know."""

ACCEPTED, DEFERRED = DeliveryState.ACCEPTED, DeliveryState.DEFERRED
FAILED, UNKNOWN, SKIPPED = DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.SKIPPED

_NO_SUCH_USER = "550 5.1.1 No such user here"
_FULL = "452 4.2.2 The mailbox is full"
_OVER_QUOTA = "552 5.2.2 The mailbox is over its quota"


@dataclass(frozen=True, slots=True)
class Ended:
    """The hour when it is over. `arrivals` are the lines of all visits that began, in order;
    `suppressed` the addresses that are not to be mailed any more; `errors` what calls of `send due`
    failed with."""

    rows: Sequence[Row]
    arrivals: Sequence[Line]
    suppressed: Collection[str]
    errors: Sequence[str]


def spend(folder: Path) -> Ended:
    """Lets the hour pass, with a workspace in `folder`."""
    expected = expectations()
    receivers = [one.receiver for one in expected]
    readers = [one.readers for one in expected]
    with an_hour(folder, readers, receivers, settings=settings(receivers)) as hour:
        hour.pass_by(MINUTES, {LEAVING_AT: partial(_leave, hour.workspace)})
        (relay,) = hour.relays
        return Ended(rows(hour, expected), relay.arrivals, hour.suppressed, hour.errors)


def expectations() -> list[Expected]:
    """The table; its receivers have not begun yet."""
    return [
        Expected(Receiver(CALM), {ACCEPTED: 200}),
        Expected(Narrow("narrow.example.org", connections=2), {ACCEPTED: 60}),
        Expected(Measured("measured.example.org", rate=20), {ACCEPTED: 60}),
        Expected(Greylisting(GREYLISTING), {ACCEPTED: 57, SKIPPED: 3}),
        Expected(Tiring("tiring.example.org"), {ACCEPTED: 60}),
        Expected(Unpersuaded("unpersuaded.example.org"), {DEFERRED: 80}),
        Expected(Wary("wary.example.org"), {ACCEPTED: 40}),
        Expected(Overrun("overrun.example.org"), {ACCEPTED: 60}),
        Expected(_departed(), {ACCEPTED: 56, FAILED: 4}),
        Expected(_full(), {ACCEPTED: 45, DEFERRED: 3, FAILED: 2}),
        Expected(_odd(), {ACCEPTED: 37, FAILED: 1, UNKNOWN: 2}),
        Expected(Slow("slow.example.org"), {ACCEPTED: 30}),
        Expected(Crowded("crowded.example.org"), {ACCEPTED: 50}),
    ]


MISBEHAVIOURS = {
    GREYLISTING: "450 4.7.1 Greylisted",
    "tiring.example.org": "421 4.3.2",
    "unpersuaded.example.org": "550 5.7.515",
    "wary.example.org": "451 4.7.0",
    "overrun.example.org": "450 4.7.28",
    DEPARTED: "550 5.1.1",
    "full.example.org": "452 4.2.2",
    "odd.example.org": "Hello?",
    "crowded.example.org": "452 4.5.3",
}
"""How the reply begins by which a receiver misbehaves, by its domain; the slow one says nothing."""


def settings(receivers: Sequence[Receiver]) -> str:
    """What newsletter.toml says of receivers that have told us what they take."""
    return "\n".join(_limits(one) for one in receivers if one.connections or one.rate)


def _limits(receiver: Receiver) -> str:
    lines = [f'[receivers."{receiver.domain}"]']
    if receiver.connections:
        lines.append(f"connections = {receiver.connections}")
    if receiver.rate:
        lines.append(f'rate = "{receiver.rate}/m"')
    return "\n".join(lines)


def _leave(workspace: Workspace) -> None:
    for reader in LEAVING:
        people.unsubscribe(workspace, f"{reader}@{GREYLISTING}", TOPIC, actor="test")


def _departed() -> Departed:
    return Departed(DEPARTED, at_rcpt=dict.fromkeys(GONE, _NO_SUCH_USER))


def _full() -> Full:
    answers = dict.fromkeys(("cy001", "en022", "cy045"), _FULL)
    answers |= dict.fromkeys(("en010", "cy031"), _OVER_QUOTA)
    return Full("full.example.org", at_rcpt=answers)


def _odd() -> Odd:
    return Odd(
        "odd.example.org",
        at_first={"en004": "Hello?"},
        at_rcpt={"en016": "550 4.7.1 Who is that?"},
        at_dot={"cy021": "", "en030": "Thank you!"},
    )
