"""What the layout's templates see: the masthead, and blocks of sections by language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from newsletter.composer.brands.brand_context import brand_context, brand_title
from newsletter.composer.forms import MailForm
from newsletter.composer.kinds.kinds import MASTHEAD
from newsletter.composer.part import HTML, Part
from newsletter.composer.pictures.images import Picture
from newsletter.composer.reading.edition_reader import Reading, ReadSection
from newsletter.composer.reading.section_reader import Context, SectionContext
from newsletter.composer.stacking import stacked
from newsletter.composer.words.merge_values import Marks
from newsletter.domain.brand import Brand
from newsletter.domain.compiled import ADDRESS_SLOTS, Slot
from newsletter.domain.editions import EVERYONE
from newsletter.i18n import strings
from newsletter.i18n.language_facts import direction, own_name

FillSection = Callable[[str, Part, Context], str]
"""Fills the template of a kind for one part of the mail."""

_BETWEEN_SUBJECTS = " / "


@dataclass(frozen=True, slots=True)
class LayoutContext:
    """All that the layout of one mail is made of; `shared` is what every template of a language
    sees."""

    form: MailForm
    twins: Sequence[str]
    brand: Brand
    shared: Mapping[str, Context]
    marks: Marks
    fill_section: FillSection

    @property
    def language(self) -> str:
        """The mail's first language."""
        return self.form.languages[0]

    @property
    def subject(self) -> str:
        """The subject, marks in it: those of all languages behind each other when they differ."""
        return _joined(reading.subject.text for reading in self.form.readings)

    def of(self, part: Part) -> Context:
        """What the layout of `part` sees, its sections filled."""
        return {
            **self.shared[self.language],
            "direction": direction(self.language),
            "title": self.subject,
            "preheader": _joined(reading.preheader.text for reading in self.form.readings),
            "masthead": self._masthead(part),
            "blocks": [self._block(reading, part) for reading in self.form.readings],
            "twins": list(self._twins()),
        }

    def _block(self, reading: Reading, part: Part) -> Context:
        language = reading.language
        shared = self.shared[language]
        headings = list(self._headings(reading, part))
        sections = [one for one in reading.sections if one.kind != MASTHEAD]
        follows = zip([None, *sections], sections, strict=False)
        return {
            **shared,
            "direction": direction(language),
            "name": own_name(language),
            "anchor": _anchor_of(language),
            "slots": self._slots(language),
            "sections": [
                {
                    **self._section(one, {**shared, "headings": headings}, part),
                    "rule_before": before is not None and not (before.parts or one.parts),
                }
                for before, one in follows
            ],
        }

    def _section(self, section: ReadSection, shared: Context, part: Part) -> Context:
        fields: Context = getattr(section.context, part.values)
        about = {"position": section.position, "anchor": self._anchor(section, shared)}
        body = self.fill_section(section.kind, part, {**fields, **shared, "section": about})
        # Safe: the template escapes each value that is not Markup already.
        return {"position": section.position, "body": Markup(body)}  # noqa: S704

    def _masthead(self, part: Part) -> Context:
        """The masthead of the edition, or the brand's; in a stacked mail, of all languages."""
        mastheads = [self._masthead_of(reading) for reading in self.form.readings]
        contexts = {
            reading.language: getattr(masthead.context, part.values)
            for reading, masthead in zip(self.form.readings, mastheads, strict=True)
        }
        fields: Context = stacked(contexts) if len(contexts) > 1 else contexts[self.language]
        whole = ReadSection(
            mastheads[0].position, MASTHEAD, EVERYONE, SectionContext(fields, fields)
        )
        return self._section(whole, {**self.shared[self.language], "headings": []}, part)

    def _masthead_of(self, reading: Reading) -> ReadSection:
        if reading.sections and reading.sections[0].kind == MASTHEAD:
            return reading.sections[0]
        title = brand_title(self.brand, reading.language)
        html: Context = {"title": Markup.escape(title), "strapline": Markup()}
        text: Context = {"title": title, "strapline": ""}
        return ReadSection(0, MASTHEAD, EVERYONE, SectionContext(html, text))

    def _headings(self, reading: Reading, part: Part) -> Iterator[Context]:
        for section in reading.sections:
            heading = section.heading
            if heading.text:
                words = heading.html if part is HTML else heading.text
                anchor = self._anchor(section, {"language": reading.language})
                yield {"heading": words, "anchor": anchor, "position": section.position}

    def _anchor(self, section: ReadSection, shared: Context) -> str:
        """Where a link in the mail leads to; each is once in it (H9)."""
        of_language = f"-{shared['language']}" if len(self.form.readings) > 1 else ""
        return f"s{section.position}{of_language}"

    def _slots(self, language: str) -> dict[str, str]:
        page = language if len(self.form.readings) > 1 else ""
        addresses = {name: Slot(name, language=page) for name in ADDRESS_SLOTS}
        return {
            name: self.marks.mark(slot)
            for name, slot in {**addresses, "email": Slot("email")}.items()
        }

    def _twins(self) -> Iterator[dict[str, str]]:
        """The edition's other languages: on pages of their own, or further down in this mail."""
        for language in self.twins:
            address = self.marks.mark(Slot("view", language=language))
            yield {"language": language, "name": own_name(language), "address": address}
        if len(self.form.readings) > 1:
            for language in self.form.languages:
                address = f"#{_anchor_of(language)}"
                yield {"language": language, "name": own_name(language), "address": address}


def shared_context(brand: Brand, language: str, logo: Picture | None) -> Context:
    """What every template sees that speaks `language`."""
    return {
        "brand": brand_context(brand, language, logo),
        "language": language,
        "strings": strings("email", language),
    }


def _anchor_of(language: str) -> str:
    return f"in-{language}"


def _joined(words: Iterator[str]) -> str:
    return _BETWEEN_SUBJECTS.join(dict.fromkeys(filter(None, words)))
