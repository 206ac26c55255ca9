"""Refusals by a real SMTP server: this recipient's, and nobody else's."""

from __future__ import annotations

import pytest

from newsletter.domain.deliveries import DeliveryState, Outcome
from tests.handing_over import (
    ACCEPTED,
    ANN,
    BOB,
    DEFERRED,
    FAILED,
    deliver,
    states,
)
from tests.smtp_server import Misbehaviour, RecordingServer


def test_a_refused_recipient_fails_alone() -> None:
    """S1, S2: the code is read from a reply of two lines, and the next message is not hurt."""
    with RecordingServer(refused=[ANN.recipient]) as server:
        outcomes = deliver(server, ANN, BOB)

    assert outcomes[0] == Outcome(FAILED, 550, "5.1.1", "The mailbox does not exist")
    assert server.accepted_recipients == [BOB.recipient]
    assert server.connections == 1


def test_a_greylisted_recipient_is_deferred_and_accepted_when_asked_again() -> None:
    """S1."""
    with RecordingServer(Misbehaviour.GREYLIST) as server:
        outcomes = deliver(server, ANN, ANN)

    assert states(outcomes) == [DEFERRED, ACCEPTED]
    assert (outcomes[0].code, outcomes[0].enhanced) == (451, "4.7.1")


@pytest.mark.parametrize("way", [(), (Misbehaviour.NO_PIPELINING,)], ids=["groups", "one by one"])
@pytest.mark.parametrize(
    ("misbehaviour", "state", "code"),
    [
        (Misbehaviour.REFUSE_SENDER, DEFERRED, 550),
        (Misbehaviour.TOO_MANY_RECIPIENTS, DEFERRED, 552),
        (Misbehaviour.REFUSE_DATA, DEFERRED, 451),
        (Misbehaviour.REFUSE_MESSAGE, FAILED, 554),
        (Misbehaviour.DEFER_MESSAGE, DEFERRED, 452),
    ],
)
def test_a_refusal_at_any_step_is_told_and_the_connection_is_kept(
    misbehaviour: Misbehaviour, state: DeliveryState, code: int, way: tuple[Misbehaviour, ...]
) -> None:
    """S1, S3."""
    with RecordingServer(misbehaviour, *way) as server:
        outcomes = deliver(server, ANN, BOB)

    assert [(outcome.state, outcome.code) for outcome in outcomes] == [(state, code)] * 2
    assert server.connections == 1
    assert server.messages == []


def test_421_in_the_middle_defers_one_message_and_the_next_gets_a_new_connection() -> None:
    """S1: 421 closes."""
    with RecordingServer(Misbehaviour.CLOSE_AT_SECOND_MESSAGE) as server:
        outcomes = deliver(server, ANN, BOB, BOB)

    assert [(outcome.state, outcome.code) for outcome in outcomes] == [
        (ACCEPTED, 250),
        (DEFERRED, 421),
        (ACCEPTED, 250),
    ]
    assert server.connections == 2


def test_421_after_the_dot_defers() -> None:
    """S1: the server said that it did not take the message."""
    with RecordingServer(Misbehaviour.CLOSE_AFTER_DOT) as server:
        outcomes = deliver(server, ANN, BOB)

    assert [(outcome.state, outcome.code) for outcome in outcomes] == [(DEFERRED, 421)] * 2
    assert server.connections == 2
