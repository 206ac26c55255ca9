"""Bytes made into replies, in whatever pieces they come."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.dispatch.smtp_replies import Reply
from newsletter.dispatch.smtp_reply_reader import ReplyReader

GROUP = b"250 2.1.0 Go on\r\n250-2.1.5 Go\r\n250 2.1.5 on\r\n354\r\n"
REPLIES = [
    Reply(250, (b"2.1.0 Go on",)),
    Reply(250, (b"2.1.5 Go", b"2.1.5 on")),
    Reply(354, (b"",)),
]


def fed(*pieces: bytes) -> ReplyReader:
    reader = ReplyReader()
    for piece in pieces:
        reader.feed(piece)
    return reader


@given(st.sets(st.integers(0, len(GROUP))))
def test_replies_are_the_same_in_whatever_pieces_they_come(cuts: set[int]) -> None:
    places = [0, *sorted(cuts), len(GROUP)]
    pieces = [GROUP[start:end] for start, end in pairwise(places)]

    reader = fed(*pieces)

    assert list(reader.replies) == REPLIES
    assert reader.fault is None


@pytest.mark.parametrize("begun", [b"2", b"250 Go on", b"250 Go on\r", b"250-Go on\r\n"])
def test_what_has_only_begun_is_no_reply_yet_and_no_silence_either(begun: bytes) -> None:
    reader = fed(begun)

    assert not reader.replies
    assert not reader.is_empty


def test_a_line_may_end_in_lf_alone() -> None:
    """Some servers do so, and nothing is gained by refusing their mail."""
    assert list(fed(b"250 Go on\n").replies) == [Reply(250, (b"Go on",))]


@pytest.mark.parametrize(
    "raw", [b"", b"25", b"2500 x", b"250x", b"150 Wait", b"650 x", b" 250 x", b"HTTP/1.1 400 Bad"]
)
def test_what_is_not_smtp_ends_the_reading(raw: bytes) -> None:
    reader = fed(raw + b"\r\n250 Fine\r\n")

    assert reader.fault == "The server's answer was not SMTP"
    assert not reader.replies


def test_a_reply_whose_codes_differ_ends_the_reading() -> None:
    """RFC 5321 s4.2.1."""
    assert fed(b"250-Fine\r\n550 Not fine\r\n").fault == "The server's answer contradicted itself"


@pytest.mark.parametrize(
    "flood",
    [b"250 " + b"x" * 5000, b"250 " + b"x" * 5000 + b"\n", b"250-x\n" * 500, b"250 x\n" * 500],
    ids=["a line without an end", "a line", "a reply without an end", "replies to nothing"],
)
def test_a_flood_ends_the_reading(flood: bytes) -> None:
    assert fed(flood).fault == "The server's answer was too long"


def test_what_came_before_a_fault_still_counts() -> None:
    """S8: a 250 to the final dot that is lost here would leave the delivery unknown."""
    assert list(fed(b"250 Kept\r\nGoodbye!\r\n").replies) == [Reply(250, (b"Kept",))]


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_stumble(raw: bytes) -> None:
    reader = fed(raw)

    assert all(200 <= reply.code < 600 for reply in reader.replies)
