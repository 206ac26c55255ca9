"""The row in the list of mail."""

from __future__ import annotations

from newsletter.app.contact_sheet.inbox_row import inbox_row
from newsletter.app.filled_mail import FilledMail
from tests.builders import an_edition, composed, filled


def a_mail(*, preheader: str) -> FilledMail:
    compiled = composed(an_edition(preheader={"en": preheader, "cy": preheader})).languages["en"]
    return FilledMail(compiled, "Aber Valley Council", "October", filled(compiled.html), "", b"")


def test_the_preheader_stands_behind_the_subject() -> None:
    row = inbox_row(a_mail(preheader="What we promised, and what we did"))

    assert (row.sender, row.subject) == ("Aber Valley Council", "October")
    assert row.preview.startswith("What we promised, and what we did View this email")


def test_without_a_preheader_the_first_words_of_the_mail_do() -> None:
    row = inbox_row(a_mail(preheader=""))

    assert row.preview.startswith("View this email in your browser | Cymraeg")


def test_the_words_of_comments_and_styles_are_no_preview() -> None:
    row = inbox_row(a_mail(preheader="Short"))

    assert "mso" not in row.preview
    assert "{" not in row.preview
    assert len(row.preview) == 240
