"""Relays that drop, hang, dribble and go away: nobody is skipped, nobody is mailed twice, and in
doubt is only who was on a connection that was lost between the dot and its answer."""

from __future__ import annotations

from functools import partial

import pytest

from newsletter.app import edition_run as app_edition_run
from newsletter.dispatch.smtp_conversation import Timeouts
from newsletter.domain.errors import RelayUnreachable
from tests.torture.edition_run import EditionRun, Ground, edition_run
from tests.torture.in_this_process import send_again, send_due
from tests.torture.judge import Verdict
from tests.torture.receiver import DOWN, FAST, Manner, Phase
from tests.torture.workspaces import CONNECTIONS
from tests.workspaces import Clock

ONE_IN = 20
BEFORE_THE_BODY = [Phase.MAIL, Phase.RCPT, Phase.DATA]
IN_THE_BODY = [Phase.GO_AHEAD, Phase.BODY]


def assert_only_doubted(verdict: Verdict, ground: Ground, number: int, received: int) -> None:
    """Nobody missing, nobody doubled, so many in doubt."""
    assert (verdict.missing, verdict.doubled, verdict.faults) == ((), (), ())
    assert verdict.people == ground.audience.size
    assert (verdict.doubted, verdict.received) == (number, received)


@pytest.mark.parametrize("phase", BEFORE_THE_BODY)
def test_a_relay_that_drops_before_the_body_gets_the_rest_anew_or_later_and_leaves_no_doubt(
    ground: Ground, clock: Clock, phase: Phase
) -> None:
    """At once over a new connection, if nothing was read of an answer before it was lost."""
    with edition_run(ground, "edition", Manner(drops_at=phase, one_in=ONE_IN)) as edition:
        send_due(edition, clock)
        first = edition.states
        send_again(edition, clock)

        verdict = edition.verdict()

    assert first.get("deferred", 0) == ground.audience.size - first["accepted"]
    assert_only_doubted(verdict, ground, 0, 0)


@pytest.mark.parametrize("phase", IN_THE_BODY)
def test_of_a_relay_that_drops_before_it_sees_the_dot_only_who_may_have_sent_it_is_in_doubt(
    ground: Ground, clock: Clock, phase: Phase
) -> None:
    """A dot that has left us may have arrived, whatever the relay read."""
    dropped = ground.audience.size // ONE_IN
    with edition_run(ground, "edition", Manner(drops_at=phase, one_in=ONE_IN)) as edition:
        send_due(edition, clock)
        first = edition.states
        send_again(edition, clock)

        verdict = edition.verdict()

    assert first.get("deferred", 0) + first.get("unknown", 0) == dropped
    assert_only_doubted(verdict, ground, first.get("unknown", 0), 0)


@pytest.mark.parametrize(
    ("phase", "has_it"), [(Phase.DOT, False), (Phase.LOGGED, True)], ids=["lost it", "has it"]
)
def test_a_relay_that_drops_after_the_dot_is_never_sent_the_same_again(
    ground: Ground, clock: Clock, phase: Phase, has_it: bool
) -> None:
    dropped = ground.audience.size // ONE_IN
    with edition_run(ground, "edition", Manner(drops_at=phase, one_in=ONE_IN)) as edition:
        send_due(edition, clock)
        clock.move(days=2)
        send_due(edition, clock)

        verdict = edition.verdict()

    assert_only_doubted(verdict, ground, dropped, dropped if has_it else 0)


@pytest.fixture
def _short_timeouts(monkeypatch: pytest.MonkeyPatch) -> None:
    """S6, with a second instead of minutes."""
    short = partial(Timeouts, greeting=1, command=1, data=1, block=1)
    monkeypatch.setattr(app_edition_run, "Timeouts", short)


@pytest.mark.usefixtures("_short_timeouts")
@pytest.mark.parametrize(
    ("phase", "is_dot_out"),
    [(Phase.MAIL, False), (Phase.DATA, False), (Phase.BODY, True), (Phase.LOGGED, True)],
)
def test_half_open_connections_are_given_up_and_only_those_with_the_dot_out_are_in_doubt(
    ground: Ground, clock: Clock, phase: Phase, is_dot_out: bool
) -> None:
    silent = ground.audience.size // ONE_IN
    with edition_run(ground, "edition", Manner(silent_at=phase, one_in=ONE_IN)) as edition:
        _answer_within_a_second(edition)
        send_due(edition, clock)
        send_again(edition, clock)

        verdict = edition.verdict()

    doubted = silent if is_dot_out else 0
    assert_only_doubted(verdict, ground, doubted, doubted if phase is Phase.LOGGED else 0)


@pytest.mark.usefixtures("_short_timeouts")
@pytest.mark.parametrize("phase", [Phase.GREETING, Phase.EHLO])
def test_a_relay_that_never_says_hello_changes_nothing(
    ground: Ground, clock: Clock, phase: Phase
) -> None:
    with edition_run(ground, "edition", Manner(silent_at=phase)) as edition:
        report = send_due(edition, clock)

        ((_, error),) = report.errors
        assert isinstance(error, RelayUnreachable)
        assert edition.states == {}


def test_replies_may_come_one_byte_at_a_time(ground: Ground, clock: Clock) -> None:
    with edition_run(ground, "edition", Manner(bytewise=True)) as edition:
        send_due(edition, clock)

        verdict = edition.verdict()

    assert_only_doubted(verdict, ground, 0, 0)


def test_an_outage_of_half_an_hour_is_waited_out(ground: Ground, clock: Clock) -> None:
    size = ground.audience.size
    with edition_run(ground, "edition") as edition:
        edition.receiver.trap(Phase.ANSWERED, size // 2, lambda: goes_down(edition))
        cut_off = send_due(edition, clock)
        for _ in range(3):
            clock.move(minutes=10)
            send_due(edition, clock)
        during = edition.receiver.log.entries()
        send_again(edition, clock)

        verdict = edition.verdict()

    assert cut_off.exit_code == 3
    assert size // 2 <= len(during) <= size // 2 + CONNECTIONS
    assert verdict.doubted <= CONNECTIONS
    assert_only_doubted(verdict, ground, verdict.doubted, verdict.received)


def goes_down(edition: EditionRun) -> None:
    edition.receiver.manner = DOWN


def test_a_clock_that_is_set_back_in_the_midst_of_it_doubles_nothing(
    ground: Ground, clock: Clock
) -> None:
    size = ground.audience.size
    with edition_run(ground, "edition") as edition:
        edition.receiver.trap(Phase.ANSWERED, size // 2, lambda: clock.move(hours=-1))
        send_due(edition, clock)

        verdict = edition.verdict()

    assert_only_doubted(verdict, ground, 0, 0)


def test_what_is_deferred_when_the_clock_is_set_back_waits_longer_and_comes_once(
    ground: Ground, clock: Clock
) -> None:
    with edition_run(ground, "edition", Manner(drops_at=Phase.DATA, one_in=ONE_IN)) as edition:
        send_due(edition, clock)
        edition.receiver.manner = FAST
        for minutes in (-60, 31, 66):
            clock.move(minutes=minutes)
            send_due(edition, clock)

        verdict = edition.verdict()

    assert_only_doubted(verdict, ground, 0, 0)


def _answer_within_a_second(edition: EditionRun) -> None:
    with edition.config.open("a", encoding="utf-8") as stream:
        stream.write('\n[dispatch]\ntimeout_reply = "1s"\n')
