"""A message that nobody reads through again."""

from __future__ import annotations

import pytest

from newsletter.mail.wire_message import WireMessage


@pytest.mark.parametrize(
    ("header", "is_ascii"),
    [(b"To: ann@example.org", True), ("To: siân@example.org".encode(), False)],
)
def test_its_header_tells_whether_it_is_ascii(header: bytes, is_ascii: bool) -> None:
    message = WireMessage(header + b"\r\n\r\nBore da\r\n")

    assert message.isascii() is is_ascii


def test_a_header_without_a_body_tells_it_too() -> None:
    assert not WireMessage("Subject: dŵr\r\n".encode()).isascii()
