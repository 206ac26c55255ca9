"""The checks of a finished mail: everything that can be said of it without knowing its author."""

from __future__ import annotations

from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.checks.mail.attributes import check_aria, check_ids, check_zoom
from newsletter.composer.checks.mail.contrast import check_contrast
from newsletter.composer.checks.mail.darkness import check_darkness
from newsletter.composer.checks.mail.footer import check_footer
from newsletter.composer.checks.mail.headings import check_headings
from newsletter.composer.checks.mail.images import check_fetches, check_images
from newsletter.composer.checks.mail.languages import check_languages, check_title
from newsletter.composer.checks.mail.letters import check_letters
from newsletter.composer.checks.mail.links import check_links
from newsletter.composer.checks.mail.losses import check_losses
from newsletter.composer.checks.mail.outlook import check_outlook
from newsletter.composer.checks.mail.residue import check_residue
from newsletter.composer.checks.mail.size import check_size
from newsletter.composer.checks.mail.support import check_support
from newsletter.composer.checks.mail.tables import check_tables
from newsletter.composer.checks.mail.text_part import check_text_part
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.looks.shown_texts import appearance_of

_OF_THE_DOCUMENT = (
    *(check_languages, check_title, check_headings, check_tables, check_images, check_fetches),
    *(check_ids, check_aria, check_zoom, check_support, check_outlook, check_size, check_losses),
)
_OF_WHAT_IS_SEEN = (
    *(check_contrast, check_letters, check_links, check_darkness, check_footer, check_residue),
    check_text_part,
)


def check_mail(mail: ExaminedMail, findings: FindingList) -> None:
    """Note in `findings` all that is wrong with a finished mail, section by section."""
    for check in _OF_THE_DOCUMENT:
        check(mail, findings)
    appearance = appearance_of(mail.document)
    for look in _OF_WHAT_IS_SEEN:
        look(mail, appearance, findings)
