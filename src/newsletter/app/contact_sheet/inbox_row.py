"""The row of a mail in the list of mail: what a reader decides by whether to open it."""

from __future__ import annotations

from dataclasses import dataclass

import lxml.html

from newsletter.app.filled_mail import FilledMail

_PREVIEWED = 240
"""Characters of preview text that the longest rows have room for."""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """Sender, subject and, behind it, the beginning of the mail."""

    sender: str
    subject: str
    preview: str


def inbox_row(mail: FilledMail) -> InboxRow:
    """The row of `mail`: programs show the first words of its body, the preheader before all."""
    document = lxml.html.document_fromstring(mail.html)
    # Text nodes, since the words of comments for Outlook are no words of the mail.
    words = " ".join(" ".join(document.xpath("/html/body//text()")).split())
    return InboxRow(mail.from_name, mail.subject, words[:_PREVIEWED])
