"""From readings to the two parts of a mail: templates filled, MJML made HTML, styles inlined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.composer.brands.shown_logo import shown_logo
from newsletter.composer.forms import MailForm
from newsletter.composer.layout_context import LayoutContext, shared_context
from newsletter.composer.markup.finish import Finished, finish
from newsletter.composer.markup.finished_links import links_of
from newsletter.composer.markup.inline import inline_styles, parse
from newsletter.composer.markup.render import fill_template, mjml_as_html
from newsletter.composer.part import HTML, TEXT, Part
from newsletter.composer.pictures.shelf import PictureShelf
from newsletter.composer.reading.section_reader import Context
from newsletter.composer.words.merge_values import Marks
from newsletter.composer.words.plain_text import tidy
from newsletter.domain.brand import Brand
from newsletter.domain.compiled import CompiledLanguage, CompiledLink

SHEET = "layout/inline.css.j2"
"""The styles that are written into the elements of every mail."""


@dataclass(frozen=True, slots=True)
class WrittenMail:
    """One mail as it was written, merge marks still in it, and what was compiled from it."""

    markup: str
    finished: Finished
    text: str
    links: tuple[CompiledLink, ...]
    compiled: CompiledLanguage

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments whose sections are in it."""
        return self.compiled.segments


@dataclass(frozen=True, slots=True)
class MailWriter:
    """What all mails of an edition are written with; `folders` are searched for templates in
    order."""

    brand: Brand
    pictures: PictureShelf
    marks: Marks
    folders: tuple[Path, ...]

    def write(self, form: MailForm, twins: Sequence[str]) -> WrittenMail:
        """The mail of `form`; `twins` are the edition's other languages, linked to from its top.

        Raises SurroundingsFailed when a template fails, BadInput for a logo that is no image.
        """
        layout = self._layout(form, twins)
        markup = fill_template(self.folders, HTML.layout, layout.of(HTML))
        finished = self._finish(markup, layout)
        text = tidy(fill_template(self.folders, TEXT.layout, layout.of(TEXT)))
        links = tuple(links_of(finished))
        compiled = CompiledLanguage(
            language=form.language,
            languages=form.languages,
            subject=self.marks.split(layout.subject),
            html=self.marks.split(finished.html),
            text=self.marks.split(text),
            links=tuple(self._readable(link) for link in links),
            segments=form.segments,
        )
        return WrittenMail(markup, finished, text, links, compiled)

    def _layout(self, form: MailForm, twins: Sequence[str]) -> LayoutContext:
        shared: dict[str, Context] = {}
        for language in form.languages:
            logo = shown_logo(self.brand, language, self.pictures)
            shared[language] = shared_context(self.brand, language, logo)
        return LayoutContext(form, twins, self.brand, shared, self.marks, self._fill_section)

    def _fill_section(self, kind: str, part: Part, context: dict[str, object]) -> str:
        return fill_template(self.folders, f"sections/{kind}/{part.section}", context)

    def _finish(self, markup: str, layout: LayoutContext) -> Finished:
        document = parse(mjml_as_html(markup, HTML.layout))
        inline_styles(document, fill_template(self.folders, SHEET, layout.shared[layout.language]))
        return finish(document, languages=layout.form.languages, pictures=self.pictures.shown)

    def _readable(self, link: CompiledLink) -> CompiledLink:
        label, address = self.marks.readable(link.label), self.marks.readable(link.address)
        return CompiledLink(label, address, link.section)
