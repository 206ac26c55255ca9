"""When refusals are a fault of ours that ends a run (S4)."""

from __future__ import annotations

from newsletter.dispatch.lanes.our_faults import Fault, OurFaults

CODE = "550 5.7.515"


def _refuse(faults: OurFaults, receivers: str, code: str = CODE, first: int = 1) -> None:
    """One reader of each of these receivers, named by a letter, is refused."""
    for number, receiver in enumerate(receivers, first):
        faults.refused(number, receiver, code, is_first=True)


def test_five_readers_of_several_receivers_are_a_fault_of_ours() -> None:
    faults = OurFaults()
    faults.accepted()

    _refuse(faults, "abab")
    assert faults.found is None
    _refuse(faults, "a", first=5)

    assert faults.found == Fault(CODE, ("a", "b"), 5)


def test_five_readers_of_one_receiver_are_while_nobody_accepts_anything() -> None:
    faults = OurFaults()

    _refuse(faults, "aaaaa")

    assert faults.found == Fault(CODE, ("a",), 5)


def test_one_receiver_is_no_reason_to_stop_for_others_who_accept() -> None:
    faults = OurFaults()
    faults.accepted()

    _refuse(faults, "aaaaaaa")

    assert faults.found is None


def test_one_reader_is_one_however_often_refused() -> None:
    faults = OurFaults()

    for _ in range(9):
        _refuse(faults, "a")

    assert faults.found is None


def test_codes_are_counted_each_by_itself() -> None:
    faults = OurFaults()

    _refuse(faults, "abab")
    _refuse(faults, "abab", code="550 5.7.1", first=5)

    assert faults.found is None


def test_a_few_among_many_answers_are_no_reason_to_stop() -> None:
    faults = OurFaults()

    for number in range(40):
        _refuse(faults, "ab"[number % 2], first=number)
        for _ in range(12):
            faults.accepted()

    assert faults.found is None


def test_a_few_who_come_at_the_same_time_are_no_reason_to_stop_but_a_tenth_is() -> None:
    faults = OurFaults()
    faults.accepted()

    found_at = None
    for number in range(1, 31):
        _refuse(faults, "ab"[number % 2], first=number)
        for _ in range(8):
            faults.accepted()
        if faults.found is not None and found_at is None:
            found_at = number

    assert found_at == 20


def test_what_begins_in_the_middle_of_a_run_is_found_as_well() -> None:
    """However many were accepted before, and one refused long ago."""
    faults = OurFaults()
    _refuse(faults, "a")
    for _ in range(10_000):
        faults.accepted()

    _refuse(faults, "abcde", first=2)

    assert faults.found is not None


def test_the_first_fault_stands() -> None:
    faults = OurFaults()

    _refuse(faults, "ababa")
    _refuse(faults, "ababa", code="530 5.7.0", first=6)

    assert faults.found == Fault(CODE, ("a", "b"), 5)


def test_who_is_refused_again_says_nothing_new_once_others_were_accepted() -> None:
    """In the end only those are left of an edition who have rules of their own."""
    faults = OurFaults(has_accepted=True)

    for number in range(1, 31):
        faults.refused(number, f"r{number}.example", "550 5.7.1", is_first=False)

    assert faults.found is None


def test_while_nobody_was_accepted_who_is_refused_again_counts_as_well() -> None:
    faults = OurFaults()

    for number in range(1, 6):
        faults.refused(number, f"r{number}.example", "550 5.7.1", is_first=False)

    assert faults.found is not None
