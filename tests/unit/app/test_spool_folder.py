"""What is written down of somebody's wish to leave is what is read again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from newsletter.app.readers.spool_folder import SpooledDeparture, SpoolFolder
from newsletter.domain.people import ConsentSource

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
TOKENS = st.text("ABCxyz019-_", min_size=47, max_size=47)
WISHES = st.builds(
    SpooledDeparture,
    token=TOKENS,
    everything=st.booleans(),
    source=st.sampled_from(ConsentSource),
    at=st.datetimes(timezones=st.just(UTC)),
)


@given(WISHES)
def test_a_wish_is_read_as_it_was_written(wish: SpooledDeparture) -> None:
    assert SpooledDeparture.from_text(wish.as_text()) == wish


@given(st.text())
def test_any_other_text_is_no_wish_and_nothing_worse(text: str) -> None:
    try:
        wish = SpooledDeparture.from_text(text)
    except ValueError:
        return
    assert isinstance(wish.token, str)


@given(WISHES, st.sampled_from(ConsentSource), st.datetimes(timezones=st.just(UTC)))
def test_the_same_wish_said_again_has_the_same_place(
    wish: SpooledDeparture, source: ConsentSource, later: datetime
) -> None:
    again = SpooledDeparture(wish.token, wish.everything, source, later)
    another = SpooledDeparture(wish.token, not wish.everything, source, later)

    assert again.file_name == wish.file_name != another.file_name


def test_a_folder_that_was_never_needed_has_nothing_in_it(tmp_path: Path) -> None:
    assert SpoolFolder(tmp_path / "spool").waiting() == []


def test_drafts_and_other_files_are_no_wishes(tmp_path: Path) -> None:
    folder = SpoolFolder(tmp_path)
    wish = SpooledDeparture("x" * 47, everything=False, source=ConsentSource.ONE_CLICK, at=NOW)
    folder.add(wish)
    for name in (f".{wish.file_name}", f".{wish.file_name}.k2j", "notes.txt"):
        (tmp_path / name).write_text("half of it")

    assert [one.name for one in folder.waiting()] == [wish.file_name]


def test_one_that_another_process_was_faster_with_is_passed_over(tmp_path: Path) -> None:
    folder = SpoolFolder(tmp_path)
    wishes = [
        SpooledDeparture(letter * 47, everything=False, source=ConsentSource.ONE_CLICK, at=NOW)
        for letter in "ab"
    ]
    for wish in wishes:
        folder.add(wish)
    waiting = folder.waiting()
    folder.remove(tmp_path / wishes[0].file_name)

    read = [wish for _, wish in folder.read(waiting)]

    assert read == wishes[1:]
    assert not (tmp_path / "unreadable").exists()
