"""The checks of a composed edition: what its authors wrote, and each finished mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from newsletter.composer.checks.finished_mail import check_html
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.mail_writer import WrittenMail
from newsletter.composer.markup.lint import lint
from newsletter.composer.reading.edition_reader import Reading
from newsletter.composer.terms import Terms
from newsletter.composer.words.merge_values import Marks
from newsletter.domain.brand import Brand


def check_composed(
    readings: Mapping[str, Reading],
    mails: Sequence[WrittenMail],
    brand: Brand,
    marks: Marks,
    findings: FindingList,
    terms: Terms,
) -> None:
    """Note in `findings` all that is wrong with an edition."""
    for mail in mails:
        for problem in lint(mail.markup):
            findings.add_in_template(
                "mjml",
                "problem",
                problem.template,
                problem.line,
                problem=problem.message,
                cure=problem.fix,
            )
        check_html(mail.finished.html, mail.compiled.language, findings)
