from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.composer.words.merge_values import (
    MARK,
    Marks,
    mark_url,
    mark_values,
    shown_length,
    shown_within,
)
from newsletter.composer.words.problems import LinkProblem, MergeFault, MergeProblem
from newsletter.domain.compiled import Piece, Slot


def marked(text: str) -> tuple[tuple[Piece, ...], list[MergeProblem | LinkProblem]]:
    marks, problems = Marks([text]), []
    return marks.split(mark_values(text, marks, problems.append)), problems


def test_a_value_with_a_fallback_becomes_a_slot() -> None:
    pieces, problems = marked("Dear {name|friend},")

    assert pieces == ("Dear ", Slot("name", "friend"), ",")
    assert problems == []


def test_a_text_attribute_that_is_declared_is_a_value_like_the_name() -> None:
    marks, problems = Marks(["x"], ["county"]), []

    written = mark_values("{county|your area} {conty|x}", marks, problems.append)

    assert marks.split(written) == (Slot("county", "your area"), " {conty|x}")
    assert problems == [MergeProblem(MergeFault.MISSPELT, "{conty|x}", "{county|x}")]
    assert marked("{county|x}")[1] == [MergeProblem(MergeFault.UNKNOWN, "{county|x}", "")]


def test_an_empty_fallback_is_a_fallback() -> None:
    assert marked("{email|}")[0] == (Slot("email", ""),)


def test_doubled_braces_are_literal_braces() -> None:
    assert marked("{{name|friend}}") == (("{name|friend}",), [])


@pytest.mark.parametrize(
    ("written", "fault", "suggestion"),
    [
        ("{nmae|friend}", MergeFault.MISSPELT, "{name|friend}"),
        ("{unsubcribe}", MergeFault.MISSPELT, "{unsubscribe}"),
        ("{weather|fine}", MergeFault.UNKNOWN, ""),
        ("{view|x}", MergeFault.MISSPELT, "{view}"),
        ("{name}", MergeFault.NO_FALLBACK, "{name|…}"),
        ("{", MergeFault.STRAY_BRACE, "{{"),
        ("}", MergeFault.STRAY_BRACE, "}}"),
    ],
)
def test_a_faulty_brace_is_reported_and_stays_as_written(
    written: str, fault: MergeFault, suggestion: str
) -> None:
    pieces, problems = marked(f"a {written} b")

    assert pieces == (f"a {written} b",)
    assert problems == [MergeProblem(fault, written, suggestion)]


def test_a_language_that_is_none_is_reported() -> None:
    _, problems = marked("[Croeso]{lang=welsh!}")

    assert problems == [MergeProblem(MergeFault.LANGUAGE_TAG, "{lang=welsh!}", "cy")]


def test_a_whole_address_may_be_a_url() -> None:
    marks = Marks([])

    url = mark_url("{preferences}", marks, pytest.fail)

    assert marks.split(url) == (Slot("preferences"),)


@pytest.mark.parametrize(
    "url", ["https://example.org/?n={name|x}", "{name|x}", "{view}?x=1", "https://example.org/{"]
)
def test_any_other_value_in_a_url_is_reported(url: str) -> None:
    problems: list[object] = []

    assert mark_url(url, Marks([]), problems.append) == url
    assert [p.fault for p in problems if isinstance(p, MergeProblem)] == [MergeFault.IN_URL]


def test_a_mark_never_occurs_in_what_authors_wrote() -> None:
    first = Marks(["text"]).mark(Slot("name"))

    second = Marks([first, "text"]).mark(Slot("name"))

    assert second != first


def test_marks_are_the_same_for_the_same_texts() -> None:
    assert Marks(["a", "b"]).mark(Slot("view")) == Marks(["a", "b"]).mark(Slot("view"))


def test_a_mark_is_as_long_as_its_fallback() -> None:
    marks = Marks([])
    named, unnamed = marks.mark(Slot("name", "dear reader")), marks.mark(Slot("name", ""))

    assert shown_length(f"{named}, {unnamed}!") == len("dear reader, !")


@pytest.mark.parametrize(("columns", "shown"), [(5, "ab"), (6, "abNAME"), (7, "abNAMEc")])
def test_a_mark_is_shown_whole_or_not_at_all(columns: int, shown: str) -> None:
    name = Marks([]).mark(Slot("name", "Nest"))
    text = f"ab{name}cd"

    assert text[: shown_within(text, columns)] == shown.replace("NAME", name)


def test_a_mark_of_an_address_is_longer_than_a_line() -> None:
    assert shown_length(Marks([]).mark(Slot("view"))) > 72


def test_a_very_long_fallback_is_marked_too() -> None:
    marks, slot = Marks([]), Slot("name", "x" * 5000)

    assert marks.split(marks.mark(slot)) == (slot,)


def test_what_only_looks_like_a_mark_is_as_long_as_it_stands() -> None:
    assert shown_length("xq0123456789Z0Z99999999999qx") == 28


@given(
    st.lists(st.text(alphabet="ab ", max_size=6) | st.builds(Slot, st.just("name"), st.text("c"))),
    st.integers(0, 40),
)
def test_what_is_shown_within_some_columns_is_all_that_fits(
    pieces: list[Piece], columns: int
) -> None:
    marks = Marks([])
    units = [u for p in pieces for u in ([marks.mark(p)] if isinstance(p, Slot) else p)]

    cut = shown_within("".join(units), columns)

    fits = [n for n in range(len(units) + 1) if shown_length("".join(units[:n])) <= columns]
    assert "".join(units)[:cut] == "".join(units[: fits[-1]])


@given(st.text(alphabet="ab{}|]\\ name=lgcy", max_size=40))
def test_whatever_is_written_nothing_is_lost(text: str) -> None:
    """Braces are read, doubled braces halved, and every other character kept."""
    pieces, problems = marked(text)

    assert not any(isinstance(piece, str) and MARK.search(piece) for piece in pieces)
    if not problems and not any(isinstance(piece, Slot) for piece in pieces):
        kept = "".join(piece for piece in pieces if isinstance(piece, str))
        assert kept == text.replace("{{", "{").replace("}}", "}") or "{lang=" in text


@given(st.text(max_size=60).map(lambda text: text.replace("{", "{{").replace("}", "}}")))
def test_a_text_with_doubled_braces_comes_back_with_single_ones(text: str) -> None:
    pieces, problems = marked(text)

    assert "".join(map(str, pieces)) == text.replace("{{", "{").replace("}}", "}")
    assert problems == []
