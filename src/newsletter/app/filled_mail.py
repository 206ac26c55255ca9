"""One mail of an edition as one reader gets it: its parts to look at, and the whole message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from newsletter.app.message_facts import message_facts
from newsletter.app.workshop import Workshop
from newsletter.dispatch.personal_messages import (
    INERT_TOKENS,
    Addressee,
    slot_values,
    write_message,
)
from newsletter.domain.compiled import CompiledEdition, CompiledLanguage, CompiledMedia
from newsletter.mail.message import write_template
from newsletter.mail.page_links import link_pages
from newsletter.mail.slots import fill_html, fill_text

EXAMPLE_READER = Addressee("reader@example.org", "")
"""Whom an edition is composed for unless somebody is named: a reader of no name."""


@dataclass(frozen=True)
class FilledMail:
    """A mail with one reader's values in it, and links that open nothing.

    `html` and `text` are the parts as they are before they are encoded, `message` the bytes of the
    message around them.
    """

    form: CompiledLanguage
    from_name: str
    subject: str
    html: str
    text: str
    message: bytes

    @property
    def html_bytes(self) -> int:
        """How many bytes the HTML has, by which Gmail measures (H12)."""
        return len(self.html.encode())

    def shown(self, media: tuple[CompiledMedia, ...]) -> Iterator[CompiledMedia]:
        """Those of the edition's files that this mail shows or links to."""
        return (one for one in media if one.name in self.html)


def fill_mail(
    workshop: Workshop,
    compiled: CompiledEdition,
    form: CompiledLanguage,
    reader: Addressee,
    now: datetime,
) -> FilledMail:
    """`form`, one of the edition's, as `reader` gets it; `now` is the message's date.

    Its tokens are inert: these files lie around, and a real link in them would open a person's
    preferences to whoever finds them. The list's name, which is in the database, is the topic's
    slug here. Raises BadInput when the address cannot be written (M12).
    """
    facts = message_facts(workshop, compiled, compiled.topic, form.languages[0])
    bounce_address = workshop.settings.mail.bounce_address
    template = write_template(form, facts)
    _, message = write_message(
        template, reader, INERT_TOKENS, bounce_address=bounce_address, now=now
    )
    linked = link_pages(form, workshop.settings.site.base_url)
    values = slot_values(reader, INERT_TOKENS.links)
    return FilledMail(
        form=form,
        from_name=facts.from_name,
        subject=fill_text(linked.subject, values),
        html=fill_html(linked.html, values),
        text=fill_text(linked.text, values),
        message=message,
    )
