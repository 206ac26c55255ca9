"""What may be said of somebody who is added."""

from __future__ import annotations

import pytest

from newsletter.audience.person import Person, site_language
from newsletter.domain.errors import BadInput
from newsletter.mail.addresses import parse_address

DAI = parse_address("dai@example.org")


def test_a_name_may_have_200_characters_and_no_more() -> None:
    assert Person(DAI, "D" * 200).name == "D" * 200

    with pytest.raises(BadInput, match="longer than 200"):
        Person(DAI, "D" * 201)


@pytest.mark.parametrize("name", ["Dai\r\nBcc: all@example.org", "Dai\x07", "Dai\u2028"])
def test_a_name_that_no_header_can_hold_is_refused(name: str) -> None:
    """M12"""
    with pytest.raises(BadInput, match="the name has"):
        Person(DAI, name)


@pytest.mark.parametrize("text", ["cy", "CY", "Cy"])
def test_a_language_is_meant_in_capitals_or_not(text: str) -> None:
    assert site_language(text, ["en", "cy"]) == "cy"


@pytest.mark.parametrize("text", ["fr", "", "c"])
def test_a_language_that_the_site_does_not_have_is_refused_with_those_it_has(text: str) -> None:
    with pytest.raises(BadInput, match="none of the site's: en, cy"):
        site_language(text, ["en", "cy"])
