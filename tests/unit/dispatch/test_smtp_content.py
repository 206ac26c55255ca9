"""What a message is made fit with for DATA."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.dispatch.smtp_content import as_content, has_only_crlf
from tests.sample_messages import a_message

LINES = st.lists(st.sampled_from([b"", b".", b"..", b"a", b".a", b"a."]), max_size=6)


@given(st.text("ab.\r\n", max_size=12).map(str.encode))
@example(b"a\r")
@example(b"\ra\r\n")
def test_only_pairs_of_cr_and_lf_will_do(message: bytes) -> None:
    """M1."""
    pairs = list(pairwise(f" {message.decode()} "))
    is_bare = any((one == "\r") != (two == "\n") for one, two in pairs)

    assert has_only_crlf(message) is not is_bare


@given(LINES)
def test_a_dot_at_the_head_of_a_line_is_doubled(lines: list[bytes]) -> None:
    """RFC 5321 s4.5.2."""
    content = as_content(b"".join(line + b"\r\n" for line in lines))

    assert content == b"".join(
        (b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines
    )


def test_what_the_message_writer_vouches_for_goes_out_as_it_is() -> None:
    """M7: it is neither read through nor copied."""
    message = a_message()

    assert has_only_crlf(message)
    assert as_content(message) is message


@pytest.mark.parametrize(("message", "content"), [(b"A", b"A\r\n"), (b".", b"..\r\n"), (b"", b"")])
def test_a_last_line_without_an_end_gets_one(message: bytes, content: bytes) -> None:
    """RFC 5321 s4.1.1.4: the dot stands on a line of its own."""
    assert as_content(message) == content
