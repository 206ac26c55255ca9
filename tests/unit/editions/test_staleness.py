"""A translation holds for the words that it was last written for, or confirmed for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsletter.domain.editions import EditionContent, Section, Value
from newsletter.editions.staleness import Stale, WordsPlace, stale_translations


def edition(subject: dict[str, str] | None = None, **fields: Value) -> EditionContent:
    section = Section("letter", fields, id="a1")
    return EditionContent("1", "news", ("en", "cy"), subject or {}, {}, (section,))


def heading(english: str, welsh: str | None) -> EditionContent:
    words = {"en": english} if welsh is None else {"en": english, "cy": welsh}
    return edition(heading=words)


def places(*revisions: EditionContent, confirmed: dict[str, set[int]] | None = None) -> list[str]:
    found = stale_translations(revisions, confirmed or {})
    return [f"{one.language} {one.place.field}" for one in found]


def test_what_was_brought_in_together_is_in_step() -> None:
    assert places(heading("Hello", "Helo")) == []


def test_a_translation_is_stale_when_only_the_first_language_changed() -> None:
    revisions = (heading("Hello", "Helo"), heading("Good day", "Helo"))

    assert stale_translations(revisions, {}) == (Stale("cy", WordsPlace("a1", "heading")),)


def test_it_stays_stale_through_revisions_that_change_other_things() -> None:
    first, changed = heading("Hello", "Helo"), heading("Good day", "Helo")
    other = edition({"en": "News", "cy": "Newyddion"}, heading={"en": "Good day", "cy": "Helo"})

    assert places(first, changed, other) == ["cy heading"]


def test_writing_it_anew_settles_it_and_a_later_change_does_not_hide_behind_that() -> None:
    first, changed = heading("Hello", "Helo"), heading("Good day", "Helo")
    mended, again = heading("Good day", "Dydd da"), heading("Good night", "Dydd da")

    assert places(first, changed, mended) == []
    assert places(first, changed, mended, again) == ["cy heading"]


def test_confirming_settles_it_until_the_next_change() -> None:
    first, changed, again = (heading(words, "Helo") for words in ("Hello", "Good day", "Hi"))

    assert places(first, changed, confirmed={"cy": {1}}) == []
    assert places(first, changed, again, confirmed={"cy": {1}}) == ["cy heading"]


def test_taking_the_change_back_settles_it() -> None:
    first, changed = heading("Hello", "Helo"), heading("Good day", "Helo")

    assert places(first, changed, first) == []


def test_what_has_no_translation_is_missing_and_not_stale() -> None:
    assert places(heading("Hello", None), heading("Good day", None)) == []
    assert places(heading("Hello", "Helo"), heading("Good day", "")) == []


def test_subjects_lists_and_groups_are_looked_into() -> None:
    def content(english: str) -> EditionContent:
        words = {"en": english, "cy": "x"}
        return edition(words, link={"label": words, "url": "u"}, rows=[["1", words]])

    assert places(content("a"), content("b")) == ["cy subject", "cy link.label", "cy rows.1.2"]


def test_a_section_that_moves_keeps_its_words_by_its_id() -> None:
    one = Section("letter", {"heading": {"en": "A", "cy": "a"}}, id="a1")
    two = Section("letter", {"heading": {"en": "B", "cy": "b"}}, id="b2")
    before = EditionContent("1", "news", ("en", "cy"), {}, {}, (one, two))
    after = EditionContent("1", "news", ("en", "cy"), {}, {}, (two, one))

    assert stale_translations((before, after), {}) == ()


_REVISIONS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), min_size=1)


@given(_REVISIONS)
def test_nothing_is_stale_once_everything_is_confirmed(words: list[tuple[str, str]]) -> None:
    revisions = [heading(english, welsh) for english, welsh in words]

    assert places(*revisions, confirmed={"cy": {len(revisions) - 1}}) == []


@given(_REVISIONS, st.sampled_from("abc"))
def test_a_change_of_the_first_language_alone_is_always_found(
    words: list[tuple[str, str]], newest: str
) -> None:
    revisions = [heading(english, welsh) for english, welsh in words]
    english, welsh = words[-1]

    found = places(*revisions, heading(newest, welsh), confirmed={"cy": {len(revisions) - 1}})

    assert found == ([] if newest == english else ["cy heading"])
