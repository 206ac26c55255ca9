from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.composer.words.merge_values import MARK, Marks, mark_url, mark_values
from newsletter.composer.words.problems import LinkProblem, MergeFault, MergeProblem
from newsletter.domain.compiled import Piece, Slot


def marked(text: str) -> tuple[tuple[Piece, ...], list[MergeProblem | LinkProblem]]:
    marks, problems = Marks([text]), []
    return marks.split(mark_values(text, marks, problems.append)), problems


def test_a_value_with_a_fallback_becomes_a_slot() -> None:
    pieces, problems = marked("Dear {name|friend},")

    assert pieces == ("Dear ", Slot("name", "friend"), ",")
    assert problems == []


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
