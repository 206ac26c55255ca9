"""The facts of a message that the brand, the settings and the topic give, language by language."""

from __future__ import annotations

import hashlib

from newsletter.app.workshop import Workshop
from newsletter.domain.compiled import CompiledEdition
from newsletter.domain.languages import in_language
from newsletter.domain.stored_editions import MailForm
from newsletter.mail.message import MessageTemplate, write_template
from newsletter.mail.message_facts import MessageFacts


def message_templates(
    workshop: Workshop, compiled: CompiledEdition, list_name: str
) -> dict[MailForm, MessageTemplate]:
    """A message template for each form of the edition: what everyone gets, then the variants."""
    return {
        (form.language, form.variant): write_template(
            form, message_facts(workshop, compiled, list_name, form.languages[0])
        )
        for form in compiled.every_form()
    }


def message_facts(
    workshop: Workshop, compiled: CompiledEdition, list_name: str, language: str
) -> MessageFacts:
    """Who the mail is from, in `language`, which list it belongs to, and where its pages are.

    The List-ID, name and all, is the same in every language, for the life of the topic (M18).
    """
    settings = workshop.settings
    return MessageFacts(
        from_name=in_language(workshop.brand.from_name, language),
        from_address=settings.sender.address,
        reply_to=settings.reply_to,
        list_name=list_name,
        list_id=f"{compiled.topic}.{settings.mail.domain}",
        list_owner=settings.reply_to,
        feedback_id=":".join(
            (compiled.slug, compiled.topic, "edition", _sender_id(settings.mail.domain))
        ),
        base_url=settings.site.base_url,
        domain=settings.mail.domain,
        unsubscribe_address=settings.mail.unsubscribe_address,
    )


def _sender_id(domain: str) -> str:
    # Feedback-ID wants 5 to 15 characters that never change and name nobody (M21).
    return hashlib.sha256(domain.encode()).hexdigest()[:12]
