"""From a claim to the bytes that go out: one reader's links, headers and envelope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.dispatch.claims import Claim
from newsletter.domain.attributes import AttributeValue
from newsletter.domain.deliveries import Envelope
from newsletter.domain.people import MailFormat
from newsletter.domain.stored_editions import MailForm
from newsletter.mail.addresses import parse_address
from newsletter.mail.dkim.signatures import Signatures
from newsletter.mail.message import MessageTemplate, PersonalHeaders
from newsletter.mail.page_links import LinkTokens
from newsletter.mail.slots import SlotValues
from newsletter.tokens.tokens import INERT_TAG, INERT_TOKEN, Purpose, Tokens


@dataclass(frozen=True, slots=True)
class PersonalTokens:
    """What makes the links and tags of one message one reader's own."""

    links: LinkTokens
    bounce_tag: str
    unsubscribe_tag: str
    message_id: str


INERT_TOKENS = PersonalTokens(
    links=LinkTokens(view=INERT_TOKEN, unsubscribe=INERT_TOKEN, preferences=INERT_TOKEN),
    bounce_tag=INERT_TAG,
    unsubscribe_tag=INERT_TAG,
    message_id=INERT_TAG,
)
"""Tokens of the right form that open nothing: for composing and for test sends (S15)."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom one message is for, in which format, and what is known of them beside the name."""

    address: str
    name: str
    format: MailFormat = MailFormat.HTML
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)


class EditionTokens:
    """The tokens of one edition's deliveries; `topic` and `edition` are public ids."""

    def __init__(self, tokens: Tokens, *, topic: int, edition: int) -> None:
        ids = {"topic": topic, "edition": edition}
        self._unsubscribe = tokens.token_of_each(Purpose.UNSUBSCRIBE, **ids)
        self._preferences = tokens.token_of_each(Purpose.PREFERENCES, **ids)
        self._bounce_tag = tokens.tag_of_each(Purpose.BOUNCE, edition)
        self._unsubscribe_tag = tokens.tag_of_each(Purpose.MAILTO_UNSUBSCRIBE, topic)
        self._message_id = tokens.message_id_of_each(edition)
        # The same for all readers, so that a forwarded page tells nothing of who forwarded it.
        self._view = tokens.token(Purpose.VIEW, edition=edition)

    def of(self, handle: int, epoch: int) -> PersonalTokens:
        """Those of the reader with this handle, in the epoch of their links to the preferences."""
        links = LinkTokens(
            self._view, self._unsubscribe(handle, 0), self._preferences(handle, epoch)
        )
        return PersonalTokens(
            links=links,
            bounce_tag=self._bounce_tag(handle),
            unsubscribe_tag=self._unsubscribe_tag(handle),
            message_id=self._message_id(handle),
        )


def slot_values(addressee: Addressee, links: LinkTokens) -> SlotValues:
    """What the slots of a compiled edition hold for one reader: of attributes, the texts."""
    texts = {name: one for name, one in addressee.attributes.items() if isinstance(one, str)}
    return SlotValues(texts | {"name": addressee.name, "email": addressee.address}, links)


def write_message(
    template: MessageTemplate,
    addressee: Addressee,
    own: PersonalTokens,
    *,
    bounce_address: str,
    now: datetime,
    signatures: Signatures | None = None,
) -> tuple[Envelope, bytes]:
    """The envelope and the bytes of one message; bounces come back to `bounce_address`, tagged.

    Raises BadInput when the address cannot be written (M12).
    """
    to = parse_address(addressee.address)
    headers = PersonalHeaders(
        to=to, date=now, message_id=own.message_id, unsubscribe_tag=own.unsubscribe_tag
    )
    envelope = Envelope(
        sender=tagged_address(bounce_address, own.bounce_tag),
        recipient=to.wire,
        needs_smtputf8=to.needs_smtputf8,
    )
    values = slot_values(addressee, own.links)
    return envelope, template.fill(values, headers, addressee.format, signatures)


def tagged_address(address: str, tag: str) -> str:
    """The address with a tag in its local part, by which what comes back is known (M22)."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{tag}@{domain}"


class PersonalMessages:
    """Writes the messages of one edition from its snapshot's templates, by language and variant."""

    def __init__(
        self,
        templates: Mapping[MailForm, MessageTemplate],
        tokens: Tokens,
        bounce_address: str,
        *,
        topic: int,
        edition: int,
        signatures: Signatures | None = None,
    ) -> None:
        """Raises BadInput when `signatures` cannot sign for a template's From address (A4)."""
        if signatures is not None:
            for template in templates.values():
                signatures.check_covers(template.facts.from_address)
        self._templates = templates
        self._signatures = signatures
        self._tokens = EditionTokens(tokens, topic=topic, edition=edition)
        self._bounce_address = bounce_address

    def write(self, claim: Claim, now: datetime) -> tuple[Envelope, bytes]:
        """The envelope and bytes of one delivery; raises BadInput for an unwritable address."""
        return write_message(
            self._templates[claim.language, claim.variant],
            Addressee(claim.address, claim.name, claim.format, claim.attributes),
            self._tokens.of(claim.handle, claim.epoch),
            bounce_address=self._bounce_address,
            now=now,
            signatures=self._signatures,
        )
