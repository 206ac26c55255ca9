"""The files that composing writes for a person to look at, and a contact sheet of them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.app.contact_sheet.sheet import MEDIA, SheetFacts, clear_sheet, write_sheet
from newsletter.app.filled_mail import FilledMail, fill_mail
from newsletter.app.workshop import Workshop
from newsletter.dispatch.personal_messages import Addressee
from newsletter.domain.compiled import CompiledEdition
from newsletter.domain.editions import EditionContent

_KINDS = ("html", "txt", "eml")


@dataclass(frozen=True, slots=True)
class WrittenLanguage:
    """What composing wrote for one language; the paths are None when nothing was written."""

    subject: str | None
    html: Path | None = None
    text: Path | None = None
    eml: Path | None = None
    html_bytes: int | None = None

    def as_json(self) -> dict[str, object]:
        """The language with exactly the keys that the command line promises."""
        return {
            "subject": self.subject,
            "html": _shown(self.html),
            "text": _shown(self.text),
            "eml": _shown(self.eml),
            "html_bytes": self.html_bytes,
        }


@dataclass(frozen=True, slots=True)
class WrittenFiles:
    """What composing wrote: the files of each language asked for, and the contact sheet."""

    languages: Mapping[str, WrittenLanguage]
    sheet: Path


@dataclass(frozen=True, slots=True)
class FileWriter:
    """Writes into `folder` what `reader` gets at `now`.

    `segments` are those that the reader is in; None is for a reader who stands for everyone, and
    sees what each of them gets.
    """

    workshop: Workshop
    folder: Path
    reader: Addressee
    now: datetime
    segments: frozenset[str] | None = None

    def write(
        self, content: EditionContent, compiled: CompiledEdition, languages: tuple[str, ...]
    ) -> WrittenFiles:
        """Writes each language's HTML, text and message, the media, and the contact sheet.

        What an earlier run wrote of them is gone afterwards, whatever comes of this one. Raises
        OSError when something cannot be written.
        """
        self._clear(languages)
        mails = dict(self._mails(compiled, languages))
        self._write_media(compiled)
        written = {
            language: self._write(mails[language], language)
            if language in mails
            else WrittenLanguage(subject=None)
            for language in languages
        }
        facts = SheetFacts(
            content=content,
            compiled=compiled,
            catalogue=self.workshop.catalogue,
            mails=mails,
            missing=tuple(language for language in languages if language not in mails),
            reader=self.reader,
            composed_at=self.now.astimezone(ZoneInfo(self.workshop.settings.site.timezone)),
            media_url=self.workshop.settings.media_url,
        )
        return WrittenFiles(written, write_sheet(facts, self.folder))

    def _clear(self, languages: tuple[str, ...]) -> None:
        """What an earlier run wrote must not pass for this one's."""
        clear_sheet(self.folder)
        for language in languages:
            for kind in _KINDS:
                (self.folder / f"{language}.{kind}").unlink(missing_ok=True)

    def _mails(
        self, compiled: CompiledEdition, languages: tuple[str, ...]
    ) -> Iterator[tuple[str, FilledMail]]:
        """Every mail by a name for files: what everyone gets, then the variants of segments; of
        one reader's, theirs alone."""
        for language in languages:
            forms = [one for one in compiled.every_form() if one.language == language]
            if self.segments is not None:
                theirs = [one for one in forms if self.segments.issuperset(one.segments)]
                forms = sorted(theirs, key=lambda form: len(form.segments))[-1:]
            for number, form in enumerate(forms, start=1):
                mail = fill_mail(self.workshop, compiled, form, self.reader, self.now)
                yield language if number == 1 else f"{language}-{number}", mail

    def _write_media(self, compiled: CompiledEdition) -> None:
        media = self.folder / MEDIA
        media.mkdir(parents=True, exist_ok=True)
        for one in compiled.media:
            (media / one.name).write_bytes(one.content)

    def _write(self, mail: FilledMail, language: str) -> WrittenLanguage:
        html, text, eml = (self.folder / f"{language}.{kind}" for kind in _KINDS)
        html.write_text(mail.html, encoding="utf-8", newline="")
        text.write_text(mail.text, encoding="utf-8", newline="")
        eml.write_bytes(mail.message)
        return WrittenLanguage(mail.subject, html, text, eml, html.stat().st_size)


def _shown(path: Path | None) -> str | None:
    return None if path is None else str(path)
