"""Ids of sections: given at the first import, kept ever after."""

from __future__ import annotations

from itertools import count

from newsletter.domain.editions import Section
from newsletter.editions.section_ids import new_section_id, with_ids


def _letter(body: str, section_id: str | None = None) -> Section:
    return Section("letter", {"heading": {"en": "Hello"}, "body": {"en": body}}, id=section_id)


def _numbered() -> object:
    numbers = count(1)
    return lambda: f"new{next(numbers)}"


def test_sections_without_ids_get_new_ones() -> None:
    given = with_ids([_letter("one"), _letter("two")], [])

    assert len({section.id for section in given}) == 2
    assert all(section.id for section in given)


def test_a_section_with_an_id_keeps_it() -> None:
    (given,) = with_ids([_letter("changed", "abc")], [_letter("one", "other")])

    assert given.id == "abc"


def test_an_unchanged_section_keeps_its_id_when_it_moves() -> None:
    earlier = [_letter("one", "a"), _letter("two", "b")]

    given = with_ids([_letter("two"), _letter("one")], earlier)

    assert [section.id for section in given] == ["b", "a"]


def test_a_changed_section_keeps_the_id_of_its_place() -> None:
    earlier = [_letter("one", "a"), _letter("two", "b")]

    given = with_ids([_letter("one"), _letter("two, mended")], earlier)

    assert [section.id for section in given] == ["a", "b"]


def test_no_id_is_given_twice() -> None:
    given = with_ids([_letter("one"), _letter("one")], [_letter("one", "a")])

    assert given[0].id == "a"
    assert given[1].id not in (None, "a")


def test_new_ids_differ() -> None:
    assert len({new_section_id() for _ in range(100)}) == 100
