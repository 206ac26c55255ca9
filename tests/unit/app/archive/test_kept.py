"""What is kept in memory, and what has to go."""

from __future__ import annotations

from newsletter.app.archive.kept import Kept


def test_a_thing_is_made_once() -> None:
    kept: Kept[str, object] = Kept(2)

    assert kept.get("a", object) is kept.get("a", object)


def test_the_one_that_nobody_asked_for_for_longest_goes_first() -> None:
    kept: Kept[str, object] = Kept(2)
    a, b = kept.get("a", object), kept.get("b", object)

    kept.get("a", object)
    kept.get("c", object)

    assert kept.get("a", object) is a
    assert kept.get("b", object) is not b


def test_nothing_can_be_kept_too() -> None:
    kept: Kept[str, object] = Kept(2)

    kept.get("a", lambda: None)

    assert kept.get("a", object) is None
