"""Whether words and buttons stand out from what is behind them: contrast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from newsletter.composer.brands.brand_colours import AA_GRAPHICS
from newsletter.composer.brands.contrast import AA_LARGE_TEXT, AA_TEXT, contrast_ratio
from newsletter.composer.brands.nearest_colour import nearest_readable
from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.checks.mail.elements import beginning_of, place_of
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.looks.looks import Look, Shade
from newsletter.composer.looks.shown_texts import Appearance, ShownText

_LARGE = 24.0
_LARGE_BOLD = 18.66


@dataclass(frozen=True, slots=True)
class _Fault:
    """A case of the rule, with what is too close to what, and how far apart they should be."""

    case: str
    shade: Shade
    least: float


def check_contrast(mail: ExaminedMail, appearance: Appearance, findings: FindingList) -> None:
    """Look at each text on what is behind it, by day and on dark screens, and at each button.

    The words for an image count, since they stand there while it is not shown.
    """
    for text in (*appearance.texts, *_words_for_images(mail, appearance)):
        for fault in _faults(text.look):
            _note(text, fault, mail, findings)


def _words_for_images(mail: ExaminedMail, appearance: Appearance) -> Iterator[ShownText]:
    for image in mail.document.iter("img"):
        look = appearance.looks.get(image)
        if look is not None and not look.is_hidden and image.get("alt"):
            yield ShownText(image.get("alt"), look, image)


@lru_cache(maxsize=8192)
def _faults(look: Look) -> tuple[_Fault, ...]:
    is_large = look.size >= _LARGE or (look.is_bold and look.size >= _LARGE_BOLD)
    least = AA_LARGE_TEXT if is_large else AA_TEXT
    return (*_of_words(look, least), *_of_button(look))


def _of_words(look: Look, least: float) -> Iterator[_Fault]:
    if None in (look.day.colour, look.day.ground, look.night.colour, look.night.ground):
        yield _Fault("unknown", look.day, least)
    for case, shade in (("day", look.day), ("dark", look.night)):
        if _ratio(shade) < least:
            yield _Fault(case, shade, least)


def _of_button(look: Look) -> Iterator[_Fault]:
    """A link with room around its words is known by what is behind it."""
    button: Look | None = look
    while button is not None and button.spot.tag != "a":
        button = button.parent
    if button is None or not button.padding:
        return
    around = button.parent
    while around is not None and around.day.ground == button.day.ground:
        around = around.parent
    if around is not None:
        shade = Shade(button.day.ground, around.day.ground)
        if _ratio(shade) < AA_GRAPHICS:
            yield _Fault("button", shade, AA_GRAPHICS)


def _ratio(shade: Shade) -> float:
    """The contrast, or that of a colour nobody knows, which is another finding's matter."""
    if shade.colour is None or shade.ground is None:
        return 21.0
    return contrast_ratio(shade.colour, shade.ground)


def _note(text: ShownText, fault: _Fault, mail: ExaminedMail, findings: FindingList) -> None:
    colour, ground = fault.shade.colour, fault.shade.ground
    better = nearest_readable(colour, ground, fault.least) if colour and ground else None
    findings.add(
        "contrast",
        fault.case,
        place_of(text.element, mail),
        words=beginning_of(text.words, mail),
        colour=colour,
        ground=ground,
        # Rounded down: 4.496 must not be shown as the 4.5 that is asked for.
        ratio=int(_ratio(fault.shade) * 100) / 100,
        least=f"{fault.least:g}",
        better=better,
    )
