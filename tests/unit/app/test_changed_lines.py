"""What holds is said when it begins to hold, and again when it has come back."""

from __future__ import annotations

from newsletter.app.changed_lines import ChangedLines


def test_a_line_is_news_when_it_did_not_hold_at_the_last_look() -> None:
    lines = ChangedLines()

    said = [lines.news(held) for held in (["a", "b"], ["a", "b"], ["b", "c"], [], ["a", "a"])]

    assert said == [["a", "b"], [], ["c"], [], ["a"]]
    assert lines.any_held
