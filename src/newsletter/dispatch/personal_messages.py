"""From a claim to the bytes that go out: one reader's links, headers and envelope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from newsletter.dispatch.ledger import Claim
from newsletter.domain.deliveries import Envelope
from newsletter.mail.addresses import EmailAddress, parse_address
from newsletter.mail.message import MessageTemplate, PersonalHeaders
from newsletter.tokens.tokens import INERT_TAG, INERT_TOKEN, Purpose, Tokens


@dataclass(frozen=True, slots=True)
class MailNames:
    """The addresses that stand in every message: the pages' base, and the mail system's names."""

    base_url: str
    domain: str
    bounce_address: str
    unsubscribe_address: str | None


@dataclass(frozen=True, slots=True)
class PersonalTokens:
    """What makes the links and tags of one message one reader's own."""

    unsubscribe: str
    preferences: str
    view: str
    bounce_tag: str
    unsubscribe_tag: str
    message_id: str


INERT_TOKENS = PersonalTokens(
    unsubscribe=INERT_TOKEN,
    preferences=INERT_TOKEN,
    view=INERT_TOKEN,
    bounce_tag=INERT_TAG,
    unsubscribe_tag=INERT_TAG,
    message_id=INERT_TAG,
)
"""Tokens of the right form that open nothing: for composing and for test sends (S15)."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom one message is for, in which language."""

    address: str
    name: str
    language: str


def personal_tokens(tokens: Tokens, *, handle: int, topic: int, edition: int) -> PersonalTokens:
    """The tokens of one delivery; `topic` and `edition` are public ids."""
    return PersonalTokens(
        unsubscribe=tokens.token(Purpose.UNSUBSCRIBE, handle=handle, topic=topic, edition=edition),
        preferences=tokens.token(Purpose.PREFERENCES, handle=handle, topic=topic, edition=edition),
        # The same for all readers, so that a forwarded page tells nothing of who forwarded it.
        view=tokens.token(Purpose.VIEW, edition=edition),
        bounce_tag=tokens.tag(Purpose.BOUNCE, handle, edition),
        unsubscribe_tag=tokens.tag(Purpose.MAILTO_UNSUBSCRIBE, handle, topic),
        message_id=tokens.message_id_local(handle, edition),
    )


def slot_values(
    addressee: Addressee, own: PersonalTokens, names: MailNames, languages: tuple[str, ...]
) -> dict[str, str]:
    """What each slot of a compiled edition holds for one reader."""
    page = f"{names.base_url}/{addressee.language}"
    return {
        "name": addressee.name,
        "email": addressee.address,
        "view": f"{page}/view/{own.view}",
        "unsubscribe": f"{page}/unsubscribe/{own.unsubscribe}",
        "preferences": f"{page}/preferences/{own.preferences}",
        "why": f"{page}/preferences/{own.preferences}#why",
    } | {f"view_{twin}": f"{names.base_url}/{twin}/view/{own.view}" for twin in languages}


def write_message(
    template: MessageTemplate,
    addressee: Addressee,
    own: PersonalTokens,
    names: MailNames,
    *,
    languages: tuple[str, ...],
    now: datetime,
) -> tuple[Envelope, bytes]:
    """The envelope and the bytes of one message.

    Raises BadInput when the address cannot be written (M12).
    """
    to = parse_address(addressee.address)
    headers = PersonalHeaders(
        to=to,
        date=now,
        message_id=f"<{own.message_id}@{names.domain}>",
        unsubscribe_url=f"{names.base_url}/u/{own.unsubscribe}",
        unsubscribe_mailto=_tagged(names.unsubscribe_address, own.unsubscribe_tag)
        if names.unsubscribe_address
        else None,
    )
    values = slot_values(addressee, own, names, languages)
    return _envelope(to, own, names), template.fill(values, headers)


def _envelope(to: EmailAddress, own: PersonalTokens, names: MailNames) -> Envelope:
    return Envelope(
        sender=_tagged(names.bounce_address, own.bounce_tag),
        recipient=to.wire,
        needs_smtputf8=to.needs_smtputf8,
    )


def _tagged(address: str, tag: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}+{tag}@{domain}"


class PersonalMessages:
    """Writes the messages of one edition from its snapshot's templates."""

    def __init__(
        self,
        templates: Mapping[str, MessageTemplate],
        tokens: Tokens,
        names: MailNames,
        *,
        topic: int,
        edition: int,
    ) -> None:
        self._templates = templates
        self._tokens = tokens
        self._names = names
        self._topic = topic
        self._edition = edition

    def write(self, claim: Claim, now: datetime) -> tuple[Envelope, bytes]:
        """The envelope and bytes of one delivery; raises BadInput for an unwritable address."""
        own = personal_tokens(
            self._tokens, handle=claim.handle, topic=self._topic, edition=self._edition
        )
        return write_message(
            self._templates[claim.language],
            Addressee(claim.address, claim.name, claim.language),
            own,
            self._names,
            languages=tuple(self._templates),
            now=now,
        )
