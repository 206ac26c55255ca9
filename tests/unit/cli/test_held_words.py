"""Why an edition is held, in plain words."""

from __future__ import annotations

import pytest

from newsletter.app.why_held import WhyHeld
from newsletter.cli.held_words import held_words, refusing_words
from newsletter.domain.editions import HeldReason


def test_of_a_fault_of_ours_the_codes_and_how_many_wait_are_named() -> None:
    why = WhyHeld(HeldReason.OUR_FAULT, {"550 5.7.515": 38, "451 4.7.0": 2})

    words = held_words("2026-10", why)

    assert "40 deliveries after 38 550 5.7.515, 2 451 4.7.0." in words
    assert "`newsletter report 2026-10 --words`" in words


def test_of_many_codes_the_most_frequent_are_named() -> None:
    codes = {"550 5.7.1": 9, "550 5.7.26": 4, "530": 2, "451 4.7.0": 1}

    words = held_words("2026-10", WhyHeld(HeldReason.OUR_FAULT, codes))

    assert "16 deliveries after 9 550 5.7.1, 4 550 5.7.26, 2 530, others." in words


def test_of_bad_addresses_their_part_of_the_first_answers_is_named() -> None:
    why = WhyHeld(HeldReason.HARD_BOUNCES, {"550 5.1.1": 11}, answers=57)

    words = held_words("2026-10", why)

    assert "Of the first 57 answers, 11 say that there is no such address (550 5.1.1)." in words
    assert "not held for that again" in words


@pytest.mark.parametrize("reason", HeldReason)
def test_whatever_it_is_held_for_the_way_on_is_named(reason: HeldReason) -> None:
    assert "run `newsletter send resume 2026-10`" in held_words("2026-10", WhyHeld(reason))


def test_who_is_refused_by_some_only_is_told_by_whom_until_when_and_where_to_look() -> None:
    words = refusing_words("2026-10", {"550 5.7.515": 4})

    assert words == (
        "Some mail servers refuse us, not the readers: 4 deliveries after 550 5.7.515. They are"
        " tried again until they are given up (dispatch.expire_after), so mend that before;"
        " `newsletter report 2026-10 --words` shows who says what."
    )
