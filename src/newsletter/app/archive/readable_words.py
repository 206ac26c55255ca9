"""Subjects and preheaders as anybody may read them, merge values being their fallbacks."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter.composer.words.merge_values import Marks, mark_values
from newsletter.composer.words.problems import LinkProblem, MergeProblem


def readable(written: str, attributes: Sequence[str]) -> str:
    """One line of words without its braces: `Dear friend` of `Dear {name|friend}`.

    `attributes` are the names of the texts that are known of readers. What is no merge value, or
    none any more, stays as it is written.
    """
    marks = Marks([written], attributes)
    return " ".join(marks.readable(mark_values(written, marks, _overlook)).split())


def _overlook(_problem: MergeProblem | LinkProblem) -> None:
    """The checks have said it before the edition was sent."""
