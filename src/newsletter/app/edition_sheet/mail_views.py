"""What the sheet shows of each language: its email, its variants, and how they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from newsletter.app.edition_sheet.record import EditionRecord
from newsletter.app.edition_sheet.rendering import rendering
from newsletter.app.edition_sheet.sections_shown import ShownSection, sections_in
from newsletter.app.edition_sheet.sheet_mail import SheetMail
from newsletter.app.edition_sheet.sheet_words import SheetWords
from newsletter.i18n.language_facts import direction

DESK, PHONE = 700, 375
"""The widths, in CSS pixels, at which a mail is shown."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One form of a language: its sections, the positions of those that not everyone gets, and how
    many people get it."""

    mail: SheetMail
    sections: tuple[ShownSection, ...]
    added: tuple[int, ...]
    readers: int


@dataclass(frozen=True, slots=True)
class ShownMail:
    """A mail that is shown whole, at both widths; `stem` names it in addresses."""

    mail: SheetMail
    stem: str
    desk: Markup
    phone: Markup


@dataclass(frozen=True, slots=True)
class MailView:
    """One language of the edition, or all of them stacked.

    `tag` is the `lang` of its words, "" for several; `variants` holds the form for everyone and
    those of segments, none when there is only the former; `shown` are the form for everyone and,
    if there are variants, the fullest of them.
    """

    mail: SheetMail
    stem: str
    name: str
    tag: str
    direction: str
    variants: tuple[Variant, ...]
    fullest: Variant
    shown: tuple[ShownMail, ...]


def mail_views(record: EditionRecord, words: SheetWords) -> Iterator[MailView]:
    """Each language in the edition's order."""
    ordered = sorted(record.mails, key=lambda one: _place(one, record.mails))
    for _, forms in groupby(ordered, key=lambda one: one.language):
        yield _view(record, tuple(forms), words)


def _place(mail: SheetMail, mails: Sequence[SheetMail]) -> int:
    # The forms for everyone come first, in order; variants stand behind all of them.
    return next(number for number, one in enumerate(mails) if one.language == mail.language)


def _view(record: EditionRecord, forms: tuple[SheetMail, ...], words: SheetWords) -> MailView:
    plain = forms[0]
    variants = tuple(_variant(record, one, words) for one in forms)
    fullest = variants[-1]
    is_stacked = len(plain.languages) > 1
    name = words.languages(plain.languages)
    tag = "" if is_stacked else plain.languages[0]
    shown = (plain,) if len(forms) == 1 else (plain, fullest.mail)
    return MailView(
        mail=plain,
        stem=plain.language,
        name=words.say("stacked_mail", languages=name) if is_stacked else name,
        tag=tag,
        direction=direction(plain.languages[0]),
        variants=variants if len(forms) > 1 else (),
        fullest=fullest,
        shown=tuple(_shown(record, number, one) for number, one in enumerate(shown)),
    )


def _variant(record: EditionRecord, mail: SheetMail, words: SheetWords) -> Variant:
    sections = sections_in(mail, record.content, record.catalogue, words)
    return Variant(
        mail=mail,
        sections=sections,
        added=tuple(
            one.position
            for one in sections
            if record.content.sections[one.position - 1].only_for.segment is not None
        ),
        readers=record.readers.forms.get((mail.language, ",".join(mail.segments)), 0),
    )


def _shown(record: EditionRecord, number: int, mail: SheetMail) -> ShownMail:
    return ShownMail(
        mail=mail,
        stem=f"{mail.language}-{number}",
        desk=rendering(mail.html, DESK, record.pictures),
        phone=rendering(mail.html, PHONE, record.pictures),
    )
