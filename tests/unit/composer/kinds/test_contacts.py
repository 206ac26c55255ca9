"""The links that contact fields make."""

from __future__ import annotations

import pytest

from newsletter.composer.kinds.contacts import contact_url
from newsletter.composer.kinds.kinds import FieldType


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("01632 960 145", "tel:01632960145"),
        ("+44 (0)1632 960 145", "tel:+441632960145"),
        ("(01632) 960-145", "tel:(01632)960-145"),
        ("*101#", "tel:*101%23"),
    ],
)
def test_a_number_is_dialled_without_its_spaces(written: str, url: str) -> None:
    assert contact_url(FieldType.PHONE, written) == url


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("office+50%@harbour.example.org", "mailto:office+50%25@harbour.example.org"),
        ("a?bcc=b@example.org", "mailto:a%3Fbcc%3Db@example.org"),
        ("swyddfa@môr.example.org", "mailto:swyddfa@m%C3%B4r.example.org"),
    ],
)
def test_nothing_in_an_address_becomes_a_part_of_the_link(written: str, url: str) -> None:
    """RFC 6068 section 2."""
    assert contact_url(FieldType.EMAIL, written) == url
