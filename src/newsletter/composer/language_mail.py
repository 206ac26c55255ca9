"""An edition's words in one language made into the two parts of a mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from newsletter.composer.brands.brand_context import brand_context, brand_title
from newsletter.composer.kinds.kinds import MASTHEAD
from newsletter.composer.markup.finish import finish
from newsletter.composer.markup.inline import inline_styles, parse
from newsletter.composer.markup.render import fill_template, mjml_as_html
from newsletter.composer.pictures.images import Picture
from newsletter.composer.reading.reading import Reading, ReadSection
from newsletter.composer.reading.template_context import Context, SectionContext
from newsletter.composer.words.merge_values import Marks
from newsletter.composer.words.plain_text import tidy
from newsletter.domain.brand import Brand
from newsletter.domain.compiled import ADDRESS_SLOTS, CompiledLanguage, Slot
from newsletter.domain.errors import SurroundingsFailed
from newsletter.i18n import strings
from newsletter.i18n.language_facts import direction, own_name

_SHEET = "layout/inline.css.j2"
_OWED = tuple(Slot(name) for name in (*ADDRESS_SLOTS, "email"))
"""What the layout must show, in both parts: the footer cannot be left out."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the two parts of a mail: its templates, and which of a section's values they see."""

    layout: str
    section: str
    values: str


_MJML = _Part("layout/layout.mjml.j2", "section.mjml.j2", "html")
_TEXT = _Part("layout/layout.txt.j2", "section.txt.j2", "text")


@dataclass(frozen=True, slots=True)
class LanguageMail:
    """What all languages of an edition are made with."""

    brand: Brand
    logo: Picture | None
    pictures: Sequence[Picture]
    marks: Marks
    folders: tuple[Path, ...]

    def compile(self, reading: Reading, others: Sequence[str]) -> tuple[str, CompiledLanguage]:
        """The finished HTML, its marks still in it, and the compiled language cut from it.

        `others` are the edition's other languages, each linked to from the top.
        Raises SurroundingsFailed when a template fails or loses a slot.
        """
        html = self._html(reading, others)
        text = self._text(reading, others)
        self._require_owed(html, _MJML.layout)
        self._require_owed(text, _TEXT.layout)
        return html, CompiledLanguage(
            language=reading.language,
            languages=(reading.language,),
            subject=self.marks.split(reading.subject.text),
            html=self.marks.split(html),
            text=self.marks.split(text),
        )

    def _html(self, reading: Reading, others: Sequence[str]) -> str:
        markup = self._filled(reading, others, _MJML)
        document = parse(mjml_as_html(markup, _MJML.layout))
        inline_styles(document, fill_template(self.folders, _SHEET, self._shared(reading.language)))
        html = finish(
            document,
            language=reading.language,
            direction=direction(reading.language),
            pictures=[*self.pictures, *([self.logo] if self.logo else [])],
            words=strings("email", reading.language),
        )
        self._require_kept(markup, html)
        return html

    def _text(self, reading: Reading, others: Sequence[str]) -> str:
        return tidy(self._filled(reading, others, _TEXT))

    def _filled(self, reading: Reading, others: Sequence[str], part: _Part) -> str:
        """The layout with every section in it."""
        shared = self._shared(reading.language)
        masthead, *sections = self._with_masthead(reading.sections, reading.language)
        context = {
            **shared,
            **self._layout_context(reading, others),
            "masthead": self._section(masthead, shared, part),
            "sections": [self._section(section, shared, part) for section in sections],
        }
        return fill_template(self.folders, part.layout, context)

    def _section(self, section: ReadSection, shared: Context, part: _Part) -> Markup:
        fields: Context = getattr(section.context, part.values)
        path = f"sections/{section.kind}/{part.section}"
        # Safe: the template escapes each value that is not Markup already.
        return Markup(fill_template(self.folders, path, {**fields, **shared}))  # noqa: S704

    def _with_masthead(
        self, sections: Sequence[ReadSection], language: str
    ) -> Sequence[ReadSection]:
        """The sections, begun by the brand's masthead when the edition has none of its own."""
        if sections and sections[0].kind == MASTHEAD:
            return sections
        fields: Context = {"title": brand_title(self.brand, language), "strapline": ""}
        return [ReadSection(MASTHEAD, SectionContext(fields, fields)), *sections]

    def _shared(self, language: str) -> Context:
        """What every template of this language sees."""
        return {
            "brand": brand_context(self.brand, language, self.logo),
            "language": language,
            "strings": strings("email", language),
        }

    def _layout_context(self, reading: Reading, others: Sequence[str]) -> Context:
        mark = self.marks.mark
        return {
            "direction": direction(reading.language),
            "title": reading.subject.text,
            "preheader": reading.preheader.text,
            "slots": {slot.name: mark(slot) for slot in _OWED},
            "twins": [
                {
                    "language": code,
                    "name": own_name(code),
                    "view": mark(Slot("view", language=code)),
                }
                for code in others
            ],
        }

    def _require_kept(self, markup: str, html: str) -> None:
        """Every slot in is a slot out: MJML drops in silence what it does not know."""
        # At least as often: the title, for one, comes out twice.
        lost = Counter(self.marks.slots_in(markup)) - Counter(self.marks.slots_in(html))
        if lost:
            names = ", ".join(sorted(f"{{{slot.name}}}" for slot in lost))
            raise SurroundingsFailed(
                f"{names} was lost on the way from MJML to HTML",
                where=_MJML.layout,
                cure="Look in the templates for an attribute or a tag that MJML does not know.",
            )

    def _require_owed(self, part: str, template: str) -> None:
        lost = [slot for slot in _OWED if slot not in self.marks.slots_in(part)]
        if lost:
            raise SurroundingsFailed(
                f"the layout does not show {{{lost[0].name}}}, which every mail must",
                where=template,
                cure="Put it back into the template's footer, or remove your own copy.",
            )
