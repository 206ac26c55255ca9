"""The checks of a composed edition: its words, its templates, and each finished mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from newsletter.composer.checks.brand_languages import check_brand_languages
from newsletter.composer.checks.examined import ExaminedMail, Writing
from newsletter.composer.checks.finished_mail import check_mail
from newsletter.composer.checks.writing import check_writing
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.mail_writer import WrittenMail
from newsletter.composer.markup.lint import lint
from newsletter.composer.reading.edition_reader import Reading
from newsletter.composer.terms import Terms
from newsletter.composer.words.merge_values import Marks
from newsletter.domain.brand import Brand
from newsletter.domain.languages import in_language
from newsletter.mail.heaviest import heaviest_html


def check_composed(
    readings: Mapping[str, Reading],
    mails: Sequence[WrittenMail],
    brand: Brand,
    marks: Marks,
    findings: FindingList,
    terms: Terms,
) -> None:
    """Note in `findings` all that is wrong with an edition."""
    check_brand_languages(readings, brand, findings)
    for language, reading in readings.items():
        check_writing(_writing(language, reading, readings, mails, marks, terms), findings)
    for mail in mails:
        _check_templates(mail, findings)
        check_mail(_examined(mail, brand, marks, terms), findings)


def _writing(
    language: str,
    reading: Reading,
    readings: Mapping[str, Reading],
    mails: Iterable[WrittenMail],
    marks: Marks,
    terms: Terms,
) -> Writing:
    mail = _fullest_mail(language, mails)
    return Writing(
        language=language,
        languages=tuple(readings),
        passages=reading.passages,
        images=reading.images,
        links=mail.links if mail else (),
        marks=marks,
        today=terms.today,
    )


def _fullest_mail(language: str, mails: Iterable[WrittenMail]) -> WrittenMail | None:
    """The mail that holds the most of what was written in `language`."""
    holding = [mail for mail in mails if language in mail.compiled.languages]
    return max(holding, key=lambda mail: len(mail.segments), default=None)


def _check_templates(mail: WrittenMail, findings: FindingList) -> None:
    for problem in lint(mail.markup):
        findings.add_in_template(
            "mjml",
            "problem",
            problem.template,
            problem.line,
            problem=problem.message,
            cure=problem.fix,
        )


def _examined(mail: WrittenMail, brand: Brand, marks: Marks, terms: Terms) -> ExaminedMail:
    compiled = mail.compiled
    addresses = (in_language(brand.postal_address, one) for one in compiled.languages)
    return ExaminedMail(
        language=compiled.language,
        languages=compiled.languages,
        markup=mail.markup,
        html=mail.finished.html,
        document=mail.finished.document,
        sections=mail.finished.sections,
        text=mail.text,
        links=mail.links,
        marks=marks,
        media_url=terms.media_url,
        heaviest=heaviest_html(compiled, terms.base_url),
        postal_address=tuple(line for one in addresses for line in one.splitlines()),
    )
