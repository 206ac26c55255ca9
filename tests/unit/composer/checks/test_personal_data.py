from __future__ import annotations

import pytest

from newsletter.composer.checks.personal_data import is_nhs_number


@pytest.mark.parametrize("number", ["943 476 5919", "401-023-2137"])
def test_the_last_digit_of_an_nhs_number_checks_the_others(number: str) -> None:
    assert is_nhs_number(number)


@pytest.mark.parametrize("number", ["943 476 5918", "943 476 591", "01970 555 010"])
def test_other_numbers_are_none(number: str) -> None:
    assert not is_nhs_number(number)
