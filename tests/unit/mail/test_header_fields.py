"""A field's relaxed form is what a stranger's canonicaliser makes of what goes out."""

from __future__ import annotations

from collections.abc import Iterable

from dkim.canonicalization import Relaxed
from hypothesis import given
from hypothesis import strategies as st

from newsletter.mail.filling import Filling, FillingPiece, Gap
from newsletter.mail.header_fields import HeaderField, relaxed_value
from newsletter.mail.header_rules import encode_text, mailbox
from tests.sample_messages import VALUES

LINES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200) | st.text(
    " ab=?", max_size=200
)
READER = (b"reader@example.org", *[b"t"] * (len(Gap) - 1))


def joined(pieces: Iterable[FillingPiece]) -> bytes:
    return Filling(pieces).join(READER, VALUES)


def canonical(field: HeaderField) -> bytes:
    """What dkimpy makes of the field as it is sent."""
    name, _, value = joined(field.as_sent()).partition(b":")
    [(lowered, relaxed)] = Relaxed.canonicalize_headers([(name, value)])
    return bytes(lowered + b":" + relaxed)


@given(LINES)
def test_a_subject_is_relaxed_as_others_do_it(words: str) -> None:
    value = encode_text("Subject", words)

    assert b"subject:%b\r\n" % relaxed_value(value.encode()) == canonical(
        HeaderField.finished("Subject", value)
    )


@given(LINES)
def test_a_display_name_is_relaxed_as_others_do_it(name: str) -> None:
    field = HeaderField.finished("List-ID", mailbox("List-ID", name, "monthly.example.org"))

    assert joined(field.relaxed()) == canonical(field)


def test_white_space_beside_a_gap_is_kept_as_one_space() -> None:
    field = HeaderField("X-Odd", (b"  <\t ", Gap.TO, b",\r\n\t <mailto:a@example.org>", b"  "))

    assert joined(field.relaxed()) == b"x-odd:< reader@example.org, <mailto:a@example.org>\r\n"
    assert joined(field.relaxed()) == canonical(field)


def test_an_empty_field_is_its_name() -> None:
    field = HeaderField.finished("Subject", "")

    assert joined(field.as_sent()) == b"Subject: \r\n"
    assert joined(field.relaxed()) == b"subject:\r\n"
