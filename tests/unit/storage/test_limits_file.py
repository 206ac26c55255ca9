"""The file of limits: it counts for all who share it, and nobody fails because of it."""

from __future__ import annotations

import logging
import os
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import pytest

from newsletter.domain.admission import Admission, Verdict
from newsletter.domain.rate_limits import RateLimit
from newsletter.storage import limits_file
from newsletter.storage.limits_file import LimitsFile

NOW = 1_800_000_000.0
TEN = {"total": RateLimit(10 / 3600)}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "limits.db"


@pytest.fixture
def in_use(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somebody else keeps the file to themselves."""
    _sent(LimitsFile(place), "before")
    monkeypatch.setattr(limits_file, "_BUSY_TIMEOUT", 0.01)
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


def _sent(
    file: LimitsFile,
    nonce: str,
    limits: dict[str, RateLimit] = TEN,
    now: float = NOW,
) -> Admission:
    return file.admit(nonce, forgotten_at=now + 100, limits=limits, now=now)


def _verdict(place: Path, nonce: str) -> Verdict:
    return _sent(LimitsFile(place), nonce).verdict


def _rows(place: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(place)) as database:
        return {
            table: [row[0] for row in database.execute(f"SELECT * FROM {table} ORDER BY 1")]
            for table in ("used", "buckets")
        }


def test_a_nonce_is_used_once(place: Path) -> None:
    file = LimitsFile(place)

    verdicts = [_sent(file, nonce).verdict for nonce in ("a", "b", "a")]

    assert verdicts == [Verdict.TAKEN, Verdict.TAKEN, Verdict.IGNORED]


def test_who_is_refused_has_used_nothing(place: Path) -> None:
    file = LimitsFile(place)
    for number in range(10):
        _sent(file, str(number))

    refused = _sent(file, "eleventh")
    after = _sent(file, "eleventh", now=NOW + refused.wait)

    assert refused.verdict is Verdict.CROWDED
    assert refused.wait == pytest.approx(360)
    assert after.verdict is Verdict.TAKEN


def test_of_several_buckets_none_is_drawn_from_when_one_is_empty(place: Path) -> None:
    file, one = LimitsFile(place), RateLimit(1 / 3600)
    _sent(file, "a", {"mine": one, "total": TEN["total"]})
    for number in range(20):
        _sent(file, f"b{number}", {"mine": one, "total": TEN["total"]})

    others = [
        _sent(file, f"c{number}", {f"other {number}": one, "total": TEN["total"]}).verdict
        for number in range(10)
    ]

    assert others == [Verdict.TAKEN] * 9 + [Verdict.CROWDED]


def test_what_was_counted_survives_a_restart(place: Path) -> None:
    verdicts = [_verdict(place, str(number)) for number in range(11)]

    assert verdicts == [Verdict.TAKEN] * 10 + [Verdict.CROWDED]
    assert _verdict(place, "0") is Verdict.IGNORED


def test_a_nonce_that_was_given_back_may_be_used_again(place: Path) -> None:
    file = LimitsFile(place)
    _sent(file, "a")

    file.give_back("a")

    assert _sent(file, "a").verdict is Verdict.TAKEN


def test_nothing_is_kept_for_longer_than_it_is_of_use(place: Path) -> None:
    file = LimitsFile(place)
    for number in range(10):
        _sent(file, str(number), {str(number): TEN["total"]})

    _sent(file, "last", now=NOW + 3601)

    assert _rows(place) == {"used": ["last"], "buckets": ["total"]}


def test_only_its_owner_can_read_it(place: Path) -> None:
    before = os.umask(0)
    try:
        _sent(LimitsFile(place), "a")
    finally:
        os.umask(before)

    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_many_threads_are_let_in_as_often_as_one(place: Path) -> None:
    file = LimitsFile(place)

    with ThreadPoolExecutor(8) as threads:
        verdicts = list(threads.map(lambda number: _sent(file, str(number)).verdict, range(40)))

    assert sorted(verdicts) == [Verdict.CROWDED] * 30 + [Verdict.TAKEN] * 10


def test_many_threads_are_no_reason_to_go_without_limits(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits_file, "_BUSY_TIMEOUT", 0)
    file = LimitsFile(place)

    with ThreadPoolExecutor(16) as threads:
        verdicts = list(threads.map(lambda number: _sent(file, str(number)).verdict, range(200)))

    assert verdicts.count(Verdict.TAKEN) == 10


def test_a_double_click_that_reaches_two_threads_counts_once(place: Path) -> None:
    file = LimitsFile(place)

    with ThreadPoolExecutor(8) as threads:
        verdicts = list(threads.map(lambda _: _sent(file, "the same").verdict, range(8)))

    assert sorted(verdicts) == [Verdict.IGNORED] * 7 + [Verdict.TAKEN]


def test_two_processes_share_it(place: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        verdicts = list(processes.map(_verdict, [place] * 20, map(str, range(20))))

    assert sorted(verdicts) == [Verdict.CROWDED] * 10 + [Verdict.TAKEN] * 10


@pytest.mark.parametrize(
    "content",
    [
        b"not a database, but as long as one has to be to be looked at" * 20,
        b"SQLite format 3\0" * 9,
    ],
)
def test_a_damaged_file_is_set_aside_and_begun_anew(
    place: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    place.write_bytes(content)
    file = LimitsFile(place)

    verdicts = [_sent(file, nonce).verdict for nonce in ("a", "b", "b")]

    assert verdicts == [Verdict.TAKEN, Verdict.TAKEN, Verdict.IGNORED]
    assert place.with_name("limits.db.damaged").read_bytes() == content
    assert len(caplog.records) == 1
    assert "set aside" in caplog.text


def test_a_file_of_other_tables_is_set_aside(place: Path) -> None:
    with closing(sqlite3.connect(place)) as database:
        database.execute("CREATE TABLE used (something TEXT)")
    file = LimitsFile(place)

    verdicts = [_sent(file, "a").verdict for _ in range(3)]

    assert verdicts == [Verdict.TAKEN, Verdict.TAKEN, Verdict.IGNORED]


@pytest.mark.usefixtures("in_use")
def test_while_another_keeps_it_forms_are_taken_without_limits(
    place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    admission = _sent(LimitsFile(place), "a")

    assert admission == Admission(Verdict.TAKEN)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert not place.with_name("limits.db.damaged").exists()


@pytest.mark.usefixtures("in_use")
def test_a_crowd_does_not_wait_one_after_the_other_for_a_file_that_another_keeps(
    place: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(limits_file, "_BUSY_TIMEOUT", 0.2)
    monkeypatch.setattr(limits_file, "_LONGEST_QUEUE", 0)
    file = LimitsFile(place)

    with ThreadPoolExecutor(8) as threads:
        verdicts = list(threads.map(lambda number: _sent(file, str(number)).verdict, range(8)))

    assert verdicts == [Verdict.TAKEN] * 8
    assert "others have waited for it" in caplog.text


def test_without_a_folder_forms_are_taken_without_limits(tmp_path: Path) -> None:
    file = LimitsFile(tmp_path / "not there" / "limits.db")

    assert [_sent(file, "a").verdict for _ in range(2)] == [Verdict.TAKEN] * 2
