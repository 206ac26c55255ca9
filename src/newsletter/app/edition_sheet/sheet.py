"""The sheet of an edition as one file, made for paper, which needs no network and no script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from newsletter.app.contact_sheet.mail_view import GMAIL_SHOWS
from newsletter.app.edition_sheet.facts import edition_facts, outcome
from newsletter.app.edition_sheet.mail_views import DESK, PHONE, mail_views
from newsletter.app.edition_sheet.record import EditionRecord, read_record
from newsletter.app.edition_sheet.said_findings import changed_levels, said_findings
from newsletter.app.edition_sheet.sheet_words import SheetWords
from newsletter.app.filled_mail import EXAMPLE_READER
from newsletter.app.private_file import private_file
from newsletter.app.workspace import Workspace
from newsletter.domain.editions import Form
from newsletter.domain.errors import BadInput
from newsletter.domain.findings import Level
from newsletter.i18n import languages

FOLDER = "sheets"
"""Where in the data folder sheets lie that nobody named a place for."""


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """A sheet that was written: of what, in which language, and where."""

    record: EditionRecord
    language: str
    file: Path

    def as_json(self) -> dict[str, Any]:
        """The answer of `edition sheet`."""
        snapshot = self.record.snapshot
        return {
            "edition": self.record.stored.slug,
            "state": self.record.stored.state,
            "revision": self.record.stored.revision,
            "approved": snapshot is not None,
            "digest": snapshot.digest if snapshot else None,
            "language": self.language,
            "sheet": str(self.file),
        }


def write_sheet(
    workspace: Workspace, slug: str, *, language: str | None = None, out: Path | None = None
) -> WrittenSheet:
    """Writes the sheet of the edition called `slug` for its owner's eyes alone.

    `language` is that of the sheet's own words, by default the site's first. Raises BadInput for
    an edition that is not there or a language without words of ours, SurroundingsFailed when the
    approved copy was changed or the file cannot be written.
    """
    words = _words(workspace, language)
    record = read_record(workspace, slug)
    file = out or workspace.settings.data_folder / FOLDER / f"{slug}.html"
    page = _page(record, words)
    cure = "Name another file with --out FILE."
    with private_file(file, what="the sheet", cure=cure, make_folder=True) as sheet:
        sheet.write(page)
    return WrittenSheet(record, words.language, file.resolve())


def _words(workspace: Workspace, language: str | None) -> SheetWords:
    site = workspace.settings.site
    if language is not None and language not in languages():
        raise BadInput(
            f"the sheet cannot be written in {language}",
            cure=f"Its languages are {', '.join(languages())}.",
        )
    return SheetWords(language or site.languages[0], site.timezone)


def _page(record: EditionRecord, words: SheetWords) -> str:
    findings = said_findings(record.findings, record.content, record.catalogue, words)
    return (
        _templates()
        .get_template("sheet.html.j2")
        .render(
            record=record,
            words=words,
            say=words.say,
            reader=EXAMPLE_READER.address,
            segment=record.snapshot.segment if record.snapshot else record.content.segment,
            facts=list(edition_facts(record, words)),
            languages=list(_numbers(record, words)),
            outcome=list(outcome(record.readers, words)),
            missing=list(_missing(record, words)),
            must=any(one.level is Level.MUST for one in record.findings),
            findings=findings,
            levels=list(changed_levels(record.levels, record.findings, words)),
            views=list(mail_views(record, words)),
            desk=DESK,
            phone=PHONE,
            gmail_shows=GMAIL_SHOWS,
            foot=_css_text(_foot(record, words)),
            page_word=_css_text(f"{words.say('page')} "),
        )
    )


def _numbers(record: EditionRecord, words: SheetWords) -> Iterator[tuple[str, str]]:
    languages = record.content.languages
    if record.content.form is Form.STACKED:
        yield words.languages(languages), words.number(record.readers.all)
        return
    for language in languages:
        number = record.readers.languages.get(language, 0)
        yield words.languages([language]), words.number(number)


def _missing(record: EditionRecord, words: SheetWords) -> Iterator[str]:
    written = {language for mail in record.mails for language in mail.languages}
    for language in record.content.languages:
        if language not in written:
            yield words.languages([language])


def _foot(record: EditionRecord, words: SheetWords) -> str:
    snapshot = record.snapshot
    return f"{record.stored.slug} · {snapshot.digest if snapshot else words.say('not_approved')}"


def _css_text(text: str) -> Markup:
    """A text as CSS has it, every letter that is not plain by its number: it cannot end the string,
    nor the element around it."""
    plain = (one if one.isalnum() and one.isascii() else f"\\{ord(one):x} " for one in text)
    return Markup(f'"{"".join(plain)}"')  # noqa: S704 - nothing in it means anything to HTML


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("newsletter.app.edition_sheet", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
