"""The judge overlooks nothing that can annoy a receiver, and takes nothing amiss that may be."""

from __future__ import annotations

from collections.abc import Iterable

from tests.simulated_hour.judge import Terms, annoyances
from tests.simulated_hour.receiver_log import Line, Step

ANN, BEN, CAI = "ann@example.org", "ben@example.org", "cai@example.org"
FREE = Terms()
OK, KEPT = "250 2.1.5 Go on", "250 2.0.0 Kept"
FULL = "452 4.2.2 The mailbox is full"
GREYLISTED = "450 4.7.1 Greylisted, please try again later"
ENOUGH = "421 4.3.2 Enough for now"
TOO_FAST = "450 4.7.28 There is an unusual rate of mail from your network"
DENIED = "550 5.7.515 Access denied"
GONE = "550 5.1.1 No such user here"


def came(who: str, at: float) -> Line:
    return Line(at, who, who, Step.CAME)


def refused(who: str, at: float, said: str) -> list[Line]:
    """A visit that ends with a refusal, at once."""
    return [came(who, at), Line(at, who, who, Step.RCPT, said)]


def let_in(who: str, at: float, until: float, said: str = KEPT) -> list[Line]:
    """A visit that ends with an answer to the dot, and takes from `at` until then."""
    at_rcpt = Line(at, who, who, Step.RCPT, OK)
    return [came(who, at), at_rcpt, Line(until, who, who, Step.DOT, said)]


def many(times: Iterable[float], said: str = OK) -> list[Line]:
    """A visit at each of these times, every one by somebody else; accepted unless it is refused."""
    lines = []
    for number, at in enumerate(times):
        who = f"reader{number}-at-{at}@example.org"
        lines += let_in(who, at, at) if said == OK else refused(who, at, said)
    return lines


def test_who_is_taken_in_at_the_first_try_annoys_nobody() -> None:
    assert annoyances(let_in(ANN, 0, 1) + let_in(BEN, 1, 2), FREE) == []


def test_a_retry_after_half_an_hour_annoys_nobody() -> None:
    assert annoyances(refused(ANN, 0, FULL) + let_in(ANN, 1800, 1801), FREE) == []


def test_a_retry_before_half_an_hour_is_over_annoys() -> None:
    log = refused(ANN, 0, FULL) + let_in(ANN, 1799, 1800)

    assert annoyances(log, FREE) == [f"{ANN} came again 1799 s after '{FULL}'"]


def test_each_retry_is_measured_from_the_refusal_before_it() -> None:
    log = [*refused(ANN, 0, FULL), *refused(ANN, 1800, FULL), *let_in(ANN, 3000, 3001)]

    assert annoyances(log, FREE) == [f"{ANN} came again 1200 s after '{FULL}'"]


def test_a_greylisted_one_may_come_again_after_five_minutes() -> None:
    assert annoyances(refused(ANN, 0, GREYLISTED) + let_in(ANN, 300, 301), FREE) == []


def test_a_greylisted_one_who_comes_again_before_annoys() -> None:
    log = refused(ANN, 0, GREYLISTED) + refused(ANN, 299, GREYLISTED)

    assert annoyances(log, FREE) == [f"{ANN} came again 299 s after '{GREYLISTED}'"]


def test_garbage_is_a_reason_to_wait_too() -> None:
    log = refused(ANN, 0, "Hello?") + let_in(ANN, 60, 61)

    assert annoyances(log, FREE) == [f"{ANN} came again 60 s after 'Hello?'"]


def test_a_connection_that_is_lost_before_the_dot_is_a_reason_to_wait() -> None:
    lost = [came(ANN, 0), Line(0, ANN, ANN, Step.RCPT, OK), Line(5, ANN, ANN, Step.GONE)]

    assert annoyances(lost + let_in(ANN, 65, 66), FREE) == [f"{ANN} came again 60 s after ''"]


def test_a_message_that_comes_again_although_it_was_taken_annoys() -> None:
    log = let_in(ANN, 0, 1) + let_in(ANN, 7200, 7201)

    assert annoyances(log, FREE) == [f"{ANN} came again, although we have the message"]


def test_a_message_that_comes_again_although_nobody_knows_what_became_of_it_annoys() -> None:
    for said in ("", "Thank you!"):
        log = let_in(ANN, 0, 1, said) + let_in(ANN, 7200, 7201)

        assert annoyances(log, FREE) == [f"{ANN} came again, although we have the message"]


def test_who_comes_again_after_a_refusal_for_good_annoys() -> None:
    log = refused(ANN, 0, GONE) + refused(ANN, 7200, GONE)

    assert annoyances(log, FREE) == [f"{ANN} came again after '{GONE}'"]


def test_who_comes_during_a_pause_annoys() -> None:
    log = refused(ANN, 0, ENOUGH) + let_in(BEN, 299, 300)

    assert annoyances(log, FREE) == [f"{BEN} came 299 s after a 421"]


def test_who_comes_after_the_pause_annoys_nobody() -> None:
    assert annoyances(refused(ANN, 0, ENOUGH) + let_in(BEN, 300, 301), FREE) == []


def test_who_was_on_the_way_when_the_pause_began_annoys_nobody_and_does_not_lengthen_it() -> None:
    on_the_way = refused(BEN, 1, ENOUGH)

    assert annoyances([*refused(ANN, 0, ENOUGH), *on_the_way, *let_in(CAI, 300, 301)], FREE) == []


def test_a_second_pause_counts_as_the_first_did() -> None:
    log = [*refused(ANN, 0, ENOUGH), *refused(BEN, 300, ENOUGH), *let_in(CAI, 400, 401)]

    assert annoyances(log, FREE) == [f"{CAI} came 100 s after a 421"]


def test_a_421_after_the_dot_begins_a_pause_too() -> None:
    log = let_in(ANN, 0, 1, ENOUGH) + let_in(BEN, 60, 61)

    assert annoyances(log, FREE) == [f"{BEN} came 59 s after a 421"]


def test_a_third_at_once_annoys_who_has_room_for_two() -> None:
    begun = [came(ANN, 0), came(BEN, 0), came(CAI, 0)]

    assert annoyances(begun, Terms(connections=2)) == [f"{CAI} came as number 3 at once, at 0 s"]


def test_a_third_who_comes_when_one_has_gone_annoys_nobody() -> None:
    log = [came(ANN, 0), *let_in(BEN, 0, 0), came(CAI, 0)]

    assert annoyances(log, Terms(connections=2)) == []


def test_a_refused_one_and_a_lost_one_make_room() -> None:
    log = [*refused(ANN, 0, FULL), came(BEN, 0), Line(0, BEN, BEN, Step.GONE), came(CAI, 0)]

    assert annoyances(log, Terms(connections=1)) == []


def test_a_sixth_at_once_annoys_who_has_told_us_nothing() -> None:
    begun = [came(f"reader{number}@example.org", 0) for number in range(6)]

    assert annoyances(begun[:5], FREE) == []
    assert annoyances(begun, FREE) == ["reader5@example.org came as number 6 at once, at 0 s"]


def test_five_recipients_may_be_told_the_same_fault_of_ours_again_and_again() -> None:
    told = [line for who in range(5) for line in refused(f"{who}@example.org", who, DENIED)]
    later = [line._replace(at=line.at + 3600) for line in told]

    assert annoyances(told + later, FREE) == []


def test_a_sixth_recipient_who_is_told_the_same_fault_of_ours_annoys() -> None:
    for said in (DENIED, "451 4.7.0 Our opinion of your network is poor"):
        code = said.split()[1]

        assert annoyances(many(range(6), said), FREE) == [
            f"6 recipients were sent to be told {code}"
        ]


def test_faults_of_ours_are_counted_by_code_and_greylisting_is_none() -> None:
    other = many(range(10, 14), "550 5.7.1 Denied")

    assert annoyances(many(range(4), DENIED) + other, FREE) == []
    assert annoyances(many(range(9), GREYLISTED), FREE) == []


def test_who_goes_on_as_fast_after_a_complaint_about_the_rate_annoys() -> None:
    log = [*many(range(20)), *refused(ANN, 20, TOO_FAST), *many(range(22, 33), OK)]

    assert annoyances(log, FREE) == [
        "11 messages in the minute after a 4.7.28, 21 in the one before it"
    ]


def test_who_halves_the_rate_annoys_nobody() -> None:
    log = [*many(range(20)), *refused(ANN, 20, TOO_FAST), *many(range(22, 32), OK)]

    assert annoyances(log, FREE) == []


def test_who_was_on_the_way_when_the_rate_was_complained_of_came_before_it() -> None:
    on_the_way = refused(BEN, 21, TOO_FAST)
    log = [*many(range(20)), *refused(ANN, 20, TOO_FAST), *on_the_way, *many(range(22, 33), OK)]

    assert annoyances(log, FREE) == []


def test_one_message_a_minute_is_never_too_fast() -> None:
    log = [*refused(ANN, 0, TOO_FAST), *let_in(BEN, 30, 31)]

    assert annoyances(log, FREE) == []


def test_a_second_complaint_asks_for_another_half() -> None:
    first = [*many(range(20)), *refused(ANN, 20, TOO_FAST)]
    second = [*many(range(22, 30), OK), *refused(BEN, 85, TOO_FAST), *many(range(90, 93))]

    assert annoyances(first + second, FREE) == [
        "3 messages in the minute after a 4.7.28, 4 in the one before it"
    ]


def test_who_goes_faster_than_the_rate_that_was_told_annoys() -> None:
    log = many(number * 0.9 for number in range(70))

    assert annoyances(log, FREE) == []
    assert annoyances(log, Terms(rate=60)) == [
        "67 messages in the minute up to 59 s, of 60",
    ]


def test_who_keeps_the_rate_annoys_nobody_and_may_begin_with_a_full_bucket() -> None:
    log = [*many([0.0] * 2), *many(range(1, 180))]

    assert annoyances(log, Terms(rate=60)) == []
