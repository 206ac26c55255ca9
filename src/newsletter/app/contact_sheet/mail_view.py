"""What the contact sheet shows of one mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.app.contact_sheet.inbox_row import InboxRow, inbox_row
from newsletter.app.contact_sheet.looks import DARK, INVERTED, LIGHT, NO_IMAGES, Look
from newsletter.app.filled_mail import FilledMail
from newsletter.domain.compiled import CompiledLanguage, CompiledMedia
from newsletter.i18n.language_facts import english_name

GMAIL_SHOWS = 102_400
"""Bytes of HTML after which Gmail cuts a mail short (H12)."""
PREVIEWS = "preview"
"""The folder of the copies, beside the sheet."""
_DESK, _PHONE = 700, 375


@dataclass(frozen=True, slots=True)
class Frame:
    """A window on a copy: what it shows, its width in pixels, and the copy's relative address."""

    name: str
    about: str
    width: int
    address: str


@dataclass(frozen=True, slots=True)
class Size:
    """How many bytes something has."""

    name: str
    bytes: int
    about: str = ""


@dataclass(frozen=True, slots=True)
class MailView:
    """One mail on the sheet: `stem` names it in addresses, `language` is the `lang` of its words
    (None for a mail of several)."""

    mail: FilledMail
    stem: str
    name: str
    language: str | None
    row: InboxRow
    frames: tuple[tuple[Frame, ...], ...]
    sizes: tuple[Size, ...]

    @property
    def share(self) -> int:
        """The HTML in per cent of what Gmail shows."""
        return round(100 * self.mail.html_bytes / GMAIL_SHOWS)


def mail_view(mail: FilledMail, stem: str, media: tuple[CompiledMedia, ...]) -> MailView:
    """What to show of `mail`, whose copies are named after `stem`; `media` are the edition's."""
    languages = mail.form.languages
    return MailView(
        mail=mail,
        stem=stem,
        name=_name(mail.form),
        language=languages[0] if len(languages) == 1 else None,
        row=inbox_row(mail),
        frames=_frames(stem),
        sizes=_sizes(mail, tuple(mail.shown(media))),
    )


def _name(form: CompiledLanguage) -> str:
    languages = _listed([english_name(one) for one in form.languages])
    stacked = " in one mail" if len(form.languages) > 1 else ""
    return languages + stacked + (f", for {_listed(form.segments)}" if form.segments else "")


def _listed(words: Sequence[str]) -> str:
    *firsts, last = words
    return f"{', '.join(firsts)} and {last}" if firsts else last


def _frames(stem: str) -> tuple[tuple[Frame, ...], ...]:
    def frame(name: str, width: int, look: Look, about: str = "") -> Frame:
        address = f"{PREVIEWS}/{preview_name(stem, look)}"
        return Frame(name, about or f"{width} pixels wide", width, address)

    return (
        (frame("Desk", _DESK, LIGHT), frame("Phone", _PHONE, LIGHT)),
        (
            frame("Dark desk", _DESK, DARK, "in the brand’s colours"),
            frame("Dark phone", _PHONE, DARK, "in the brand’s colours"),
        ),
        (
            frame("Images off", _DESK, NO_IMAGES, "their words stand for them"),
            frame("Inverted phone", _PHONE, INVERTED, "an approximation"),
        ),
    )


def preview_name(stem: str, look: Look) -> str:
    """The name of the file of a copy."""
    return f"{stem}.{look.name}.html"


def _sizes(mail: FilledMail, shown: Sequence[CompiledMedia]) -> tuple[Size, ...]:
    images = [one for one in shown if one.media_type.startswith("image/")]
    heaviest = max((len(one.content) for one in images), default=0)
    return (
        Size("HTML", mail.html_bytes, f"Gmail shows {GMAIL_SHOWS:,} and cuts the rest"),
        Size("Plain text", len(mail.text.encode())),
        Size("The whole message", len(mail.message), "as it goes over the wire"),
        Size(
            f"Images ({len(images)})",
            sum(len(one.content) for one in images),
            f"fetched when the mail is opened; the heaviest has {heaviest:,}" if images else "",
        ),
    )
