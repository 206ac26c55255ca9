"""Which sections stand in which mail of an edition, as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newsletter.app.edition_sheet.sheet_mail import SheetMail
from newsletter.app.edition_sheet.sheet_words import SheetWords
from newsletter.composer.kinds.kinds import Catalogue
from newsletter.domain.editions import EditionContent, Section
from newsletter.domain.languages import in_language


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section by its position, what its kind is called, its heading ("" without one), and whom
    it is for."""

    position: int
    kind: str
    heading: str
    only_for: str


def sections_in(
    mail: SheetMail, content: EditionContent, catalogue: Catalogue, words: SheetWords
) -> tuple[ShownSection, ...]:
    """The sections that stand in `mail`, in order."""
    return tuple(
        ShownSection(
            position=position,
            kind=kind_name(section, catalogue, words),
            heading=heading_of(section, mail.languages[0]),
            only_for=_only_for(section, words),
        )
        for position, section in _present(mail, content)
    )


def kind_name(section: Section, catalogue: Catalogue, words: SheetWords) -> str:
    """What the section's kind is called in the language of the sheet."""
    return in_language(catalogue.kinds[section.kind].labels, words.language)


def heading_of(section: Section, language: str) -> str:
    """The section's heading in `language`, else in another; "" when it has none."""
    heading = section.fields.get("heading")
    if isinstance(heading, Mapping):
        return in_language({tag: str(words) for tag, words in heading.items()}, language)
    return str(heading or "")


def _present(mail: SheetMail, content: EditionContent) -> Iterator[tuple[int, Section]]:
    for position, section in enumerate(content.sections, start=1):
        only = section.only_for
        if only.language not in (None, *mail.languages):
            continue
        if only.segment in (None, *mail.segments):
            yield position, section


def _only_for(section: Section, words: SheetWords) -> str:
    only = section.only_for
    parts = []
    if only.language is not None:
        parts.append(words.say("only_language", language=words.languages([only.language])))
    if only.segment is not None:
        parts.append(words.say("only_segment", segment=only.segment))
    return "; ".join(parts) or words.say("for_everyone")
