"""What links answered is remembered for a while, and no fault of the file matters."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.app.link_memory import LinkMemory
from newsletter.app.safe_fetching import Reply, ReplyKind

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
PAGE = "https://www.site.internal/page"
GOOD = Reply(ReplyKind.ANSWERED, 200)
MOVED = Reply(ReplyKind.ANSWERED, 200, moved_to="https://www.site.internal/new")
GONE = Reply(ReplyKind.ANSWERED, 410)
SLOW = Reply(ReplyKind.SLOW)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "link-checks.json"


@pytest.mark.parametrize("reply", [GOOD, MOVED, GONE, SLOW])
def test_a_reply_comes_back_as_it_was(file: Path, reply: Reply) -> None:
    LinkMemory(file).keep({PAGE: reply}, now=NOW)

    assert LinkMemory(file).recall([PAGE, f"{PAGE}/other"], now=NOW) == {PAGE: reply}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("reply", "age", "is_known"),
    [
        (GOOD, timedelta(hours=23, minutes=59), True),
        (GOOD, timedelta(hours=24), False),
        (GONE, timedelta(minutes=9), True),
        (GONE, timedelta(minutes=10), False),
        (SLOW, timedelta(minutes=10), False),
        (GOOD, timedelta(seconds=-1), False),
    ],
)
def test_good_replies_hold_for_a_day_and_others_for_ten_minutes(
    file: Path, reply: Reply, age: timedelta, is_known: bool
) -> None:
    """And none from the future, which a clock that was put back would leave."""
    LinkMemory(file).keep({PAGE: reply}, now=NOW)

    known = LinkMemory(file).recall([PAGE], now=NOW + age)

    assert known == ({PAGE: reply} if is_known else {})


def test_what_is_kept_is_added_to_what_is_known_and_replaces_what_is_old(file: Path) -> None:
    memory = LinkMemory(file)
    memory.keep({"https://a.internal/": GOOD, "https://b.internal/": GONE}, now=NOW)

    later = NOW + timedelta(minutes=5)
    memory.keep({"https://b.internal/": GOOD}, now=later)

    assert memory.recall(["https://a.internal/", "https://b.internal/"], now=later) == {
        "https://a.internal/": GOOD,
        "https://b.internal/": GOOD,
    }


def test_the_file_does_not_grow_without_end(file: Path) -> None:
    memory = LinkMemory(file)
    memory.keep({f"{PAGE}/old/{number}": GOOD for number in range(900)}, now=NOW)

    later = NOW + timedelta(hours=1)
    memory.keep({f"{PAGE}/new/{number}": GOOD for number in range(900)}, now=later)

    def known(age: str) -> int:
        addresses = [f"{PAGE}/{age}/{number}" for number in range(900)]
        return len(memory.recall(addresses, now=later))

    assert (known("new"), known("old")) == (900, 100)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"https://a.internal/": {"at": "yesterday", "reply": {"kind": "answered"}}}',
        b'{"https://a.internal/": {"at": "2026-11-02T09:00:00", "reply": {"kind": "answered"}}}',
        b'{"https://a.internal/": {"at": "2026-11-02T09:00:00Z", "reply": {"kind": "sung"}}}',
        b'{"x":' * 100_000,
        b" " * 4_000_001,
    ],
    ids=["empty", "cut off", "a list", "no text", "no time", "no zone", "no kind", "deep", "big"],
)
def test_a_broken_file_is_as_good_as_none(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    memory = LinkMemory(file)

    assert memory.recall([PAGE], now=NOW) == {}
    memory.keep({PAGE: GOOD}, now=NOW)
    assert memory.recall([PAGE], now=NOW) == {PAGE: GOOD}


def test_a_file_that_cannot_be_written_stops_nothing(file: Path) -> None:
    file.mkdir(parents=True)

    LinkMemory(file).keep({PAGE: GOOD}, now=NOW)

    assert LinkMemory(file).recall([PAGE], now=NOW) == {}


def test_without_a_file_nothing_is_kept(tmp_path: Path) -> None:
    memory = LinkMemory(None)

    memory.keep({PAGE: GOOD}, now=NOW)

    assert memory.recall([PAGE], now=NOW) == {}
    assert list(tmp_path.iterdir()) == []
