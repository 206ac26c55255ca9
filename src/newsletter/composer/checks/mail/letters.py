"""Whether a mail's texts are easy on the eye: text-size, line-height, text-justified."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.checks.mail.elements import beginning_of, place_of
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.looks.looks import Look
from newsletter.composer.looks.shown_texts import Appearance

_LEAST_SIZE = 16
_LEAST_SMALL_PRINT = 13
_LEAST_LINES = 1.5
_RUNNING = 200
"""From how many characters on a text is read line by line, and is no caption or label."""

_Fault = tuple[str, str, float, float]
"""A rule, its case, what was measured and the least that it should be."""


def check_letters(mail: ExaminedMail, appearance: Appearance, findings: FindingList) -> None:
    """Look at the size of all texts, and at the lines of those that run over several."""
    for text in appearance.texts:
        faults = _faults(text.look, is_running=len(text.words) >= _RUNNING)
        if not faults:
            continue
        place, words = place_of(text.element, mail), beginning_of(text.words, mail)
        for rule, case, measured, least in faults:
            # Outside of the sections is small print, such as the footer's.
            if case != "running" or place.section:
                findings.add(
                    rule, case, place, words=words, measured=f"{measured:.3g}", least=least
                )


@lru_cache(maxsize=8192)
def _faults(look: Look, *, is_running: bool) -> tuple[_Fault, ...]:
    return tuple(_of_running(look) if is_running else _of_any(look))


def _of_any(look: Look) -> Iterator[_Fault]:
    if look.size < _LEAST_SMALL_PRINT:
        yield "text-size", "small", look.size, _LEAST_SMALL_PRINT


def _of_running(look: Look) -> Iterator[_Fault]:
    yield from _of_any(look)
    if _LEAST_SMALL_PRINT <= look.size < _LEAST_SIZE:
        yield "text-size", "running", look.size, _LEAST_SIZE
    lines = look.line_height / look.size if look.size else 0.0
    if lines < _LEAST_LINES:
        yield "line-height", "tight", lines, _LEAST_LINES
    if look.is_justified:
        yield "text-justified", "justified", 0.0, 0.0
