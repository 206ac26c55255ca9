"""Writing the contact sheet: `index.html`, the copies that it shows, and nothing from elsewhere.

It opens from disk, without a network and without scripts. Every mail stands in a sandboxed frame
(X4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from babel.dates import format_datetime
from jinja2 import Environment, PackageLoader, StrictUndefined

from newsletter.app.contact_sheet.findings_by_section import findings_by_section
from newsletter.app.contact_sheet.looks import LOOKS, self_contained
from newsletter.app.contact_sheet.mail_view import (
    GMAIL_SHOWS,
    PREVIEWS,
    MailView,
    mail_view,
    preview_name,
)
from newsletter.app.filled_mail import FilledMail
from newsletter.composer.kinds.kinds import Catalogue
from newsletter.dispatch.personal_messages import Addressee
from newsletter.domain.compiled import CompiledEdition
from newsletter.domain.editions import EditionContent
from newsletter.domain.findings import Level
from newsletter.i18n.language_facts import english_name

SHEET = "index.html"
MEDIA = "media"
"""The folder of the edition's images and calendar entries, beside the sheet."""


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What a contact sheet is of.

    `mails` are all that were written, each under the stem of its copies' names; `missing` are the
    languages that were asked for and could not be composed. `composed_at` is in the site's zone.
    """

    content: EditionContent
    compiled: CompiledEdition
    catalogue: Catalogue
    mails: Mapping[str, FilledMail]
    missing: tuple[str, ...]
    reader: Addressee
    composed_at: datetime
    media_url: str


def clear_sheet(folder: Path) -> None:
    """Takes away the sheet of an earlier run, and its copies; nothing else in the folder."""
    (folder / SHEET).unlink(missing_ok=True)
    for look in LOOKS:
        for copy in (folder / PREVIEWS).glob(preview_name("*", look)):
            copy.unlink()


def write_sheet(facts: SheetFacts, folder: Path) -> Path:
    """Writes the sheet and its copies into `folder`, where the media lie already; gives its file.

    Raises OSError when something cannot be written.
    """
    previews = folder / PREVIEWS
    previews.mkdir(exist_ok=True)
    for stem, mail in facts.mails.items():
        shown = mail.shown(facts.compiled.media)
        whole = self_contained(mail.html, facts.media_url, shown, f"../{MEDIA}")
        for look in LOOKS:
            copy = previews / preview_name(stem, look)
            copy.write_text(look.of(whole), encoding="utf-8", newline="")
    sheet = folder / SHEET
    sheet.write_text(_page(facts), encoding="utf-8", newline="")
    return sheet


def _page(facts: SheetFacts) -> str:
    compiled = facts.compiled
    return (
        _templates()
        .get_template("sheet.html.j2")
        .render(
            edition=compiled.slug,
            composed_at=format_datetime(facts.composed_at, "d MMMM y, HH:mm", locale="en_GB"),
            reader=facts.reader,
            views=list(_views(facts)),
            missing=[english_name(one) for one in facts.missing],
            sections=findings_by_section(compiled.findings, facts.content, facts.catalogue),
            counts={level: sum(one.level is level for one in compiled.findings) for level in Level},
            gmail_shows=GMAIL_SHOWS,
        )
    )


def _views(facts: SheetFacts) -> Iterator[MailView]:
    for stem, mail in facts.mails.items():
        yield mail_view(mail, stem, facts.compiled.media)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("newsletter.app.contact_sheet", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
