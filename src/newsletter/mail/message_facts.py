"""What all messages of one edition in one language, or all notices, have in common, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from newsletter.domain.errors import BadInput
from newsletter.mail.addresses import parse_address
from newsletter.mail.header_rules import HeaderValueError, check_bare_value, check_header_text
from newsletter.mail.page_links import one_click_address

_LIST_ID = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+", re.IGNORECASE | re.ASCII)
_LONGEST_LIST_ID = 255


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """What all messages of one edition in one language have in common.

    `list_name` and `list_id` (`slug.mail.domain`) stand in List-ID and never change (M18);
    `reply_to` and `list_owner` are mailboxes that somebody reads (M23); `feedback_id` is for
    receivers' statistics, four fields parted by colons (M21). `base_url` is the public site's, an
    https address (M15); `domain` stands in every Message-ID; `unsubscribe_address` is the mailbox
    for leaving by mail, which gets each reader's tag added, or None.
    """

    from_name: str
    from_address: str
    reply_to: str
    list_name: str
    list_id: str
    list_owner: str
    feedback_id: str
    base_url: str
    domain: str
    unsubscribe_address: str | None


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What all notices in one language have in common: as in `MessageFacts`, but of no list."""

    from_name: str
    from_address: str
    reply_to: str
    domain: str


def checked_facts(facts: MessageFacts) -> MessageFacts:
    """The facts with their addresses as headers have them.

    Raises BadInput when one holds what its header may not (M4, M12, M13, M18), HeaderValueError
    when one of the program's own making does.
    """
    check_header_text("the From name", facts.from_name)
    check_header_text("the list's name", facts.list_name)
    _check_list_id(facts.list_id)
    check_bare_value("Feedback-ID", facts.feedback_id)
    check_bare_value("Message-ID", facts.domain)
    _check_base_url(facts.base_url)
    leaving = facts.unsubscribe_address
    return replace(
        facts,
        from_address=_own_address("sender's address", facts.from_address),
        reply_to=_own_address("reply-to address", facts.reply_to),
        list_owner=_own_address("list owner's address", facts.list_owner),
        unsubscribe_address=_own_address("unsubscribe address", leaving) if leaving else None,
    )


def checked_notice_facts(facts: NoticeFacts) -> NoticeFacts:
    """The facts with their addresses as headers have them; raises what `checked_facts` does."""
    check_header_text("the From name", facts.from_name)
    check_bare_value("Message-ID", facts.domain)
    return replace(
        facts,
        from_address=_own_address("sender's address", facts.from_address),
        reply_to=_own_address("reply-to address", facts.reply_to),
    )


def _check_list_id(list_id: str) -> None:
    if len(list_id) > _LONGEST_LIST_ID or _LIST_ID.fullmatch(list_id) is None:
        raise BadInput(
            f'"{list_id}" cannot be a List-ID',
            cure=f"It is like news.mail.example.org, at most {_LONGEST_LIST_ID} characters.",
        )


def _check_base_url(base_url: str) -> None:
    check_bare_value("List-Unsubscribe", one_click_address(base_url))
    if not base_url.startswith("https://"):
        raise HeaderValueError(f"List-Unsubscribe needs an https address, not {base_url!r}")


def _own_address(whose: str, text: str) -> str:
    address = parse_address(text)
    if address.needs_smtputf8:
        # In every message, it would keep all of them from servers without SMTPUTF8 (M13).
        raise BadInput(
            f"the {whose} {text} is not plain ASCII before the @",
            cure="Use an address that every mail server can write.",
        )
    return address.wire
