"""The relays of a workspace together."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.dispatch.relay import MaildirRelay, Security, SmtpRelay
from newsletter.dispatch.relays import WeightedRelay, check_together
from newsletter.domain.errors import BadInput


def a_relay(host: str, port: int = 25) -> WeightedRelay:
    return WeightedRelay(SmtpRelay(Security.TLS, host, port))


OUTBOX = WeightedRelay(MaildirRelay(Path("outbox")))


def test_a_relay_is_named_by_host_and_port_and_a_folder_not_at_all() -> None:
    assert a_relay("::1", 2525).name == "[::1]:2525"
    assert OUTBOX.name is None


@pytest.mark.parametrize(
    "relays",
    [
        [],
        [OUTBOX],
        [a_relay("one.example.org"), a_relay("two.example.org")],
        [a_relay("one.example.org", 25), a_relay("one.example.org", 26)],
    ],
)
def test_relays_that_differ_go_together(relays: list[WeightedRelay]) -> None:
    check_together(relays)


@pytest.mark.parametrize(
    ("second", "what"),
    [
        (a_relay("one.example.org"), "relay 2 is one.example.org:25, which is there already"),
        (OUTBOX, "relay 2 is a Maildir"),
    ],
)
def test_relays_that_do_not_are_named_with_the_cure(second: WeightedRelay, what: str) -> None:
    with pytest.raises(BadInput, match=what) as refused:
        check_together([a_relay("one.example.org"), second])

    assert refused.value.where == "[[relays]]"
    assert refused.value.cure
