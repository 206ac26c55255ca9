"""Subscribers, topics, subscriptions, consents and suppressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from newsletter.domain.attributes import AttributeValue

LONGEST_NAME = 200
"""Characters that a subscriber's name may have."""


class Basis(StrEnum):
    """The lawful basis of a subscription (L2)."""

    CONSENT = "consent"
    SOFT_OPT_IN = "soft-opt-in"
    PUBLIC_TASK = "public-task"
    LEGITIMATE_INTERESTS = "legitimate-interests"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal-obligation"


class MailFormat(StrEnum):
    """How a subscriber wants to get mail: `text` is a single plain text without HTML."""

    HTML = "html"
    TEXT = "text"


class SubscriptionStatus(StrEnum):
    """Whether mail of a topic goes to a subscriber; only `active` does."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    UNSUBSCRIBED = "unsubscribed"


class SuppressionReason(StrEnum):
    """Why an address is not to be mailed, whatever any list says."""

    HARD_BOUNCE = "hard-bounce"
    SOFT_BOUNCES = "soft-bounces"
    COMPLAINT = "complaint"
    REQUEST = "request"
    ERASED = "erased"
    MANUAL = "manual"
    IMPORTED = "imported"


class ConsentSource(StrEnum):
    """Where a change of a subscription came from, as the ledger of consents records it."""

    ONE_CLICK = "one-click unsubscribe"
    UNSUBSCRIBE_PAGE = "unsubscribe page"
    PREFERENCES_PAGE = "preferences page"
    SIGN_UP_PAGE = "sign-up page"
    SIGN_UP_CONFIRMED = "sign-up confirmed"
    SIGN_UP_BLOCKED = "sign-up blocked"
    LEAVING_UNDONE = "leaving undone"
    PAUSE_OVER = "pause over"
    STAFF_ADD = "subscribers add"
    STAFF_UNSUBSCRIBE = "subscribers unsubscribe"
    IMPORT_UNDONE = "undo-import"
    RETENTION = "retention"


IMPORT_PREFIX = "import of "
"""The source of a change by an import that is given no other, before the name of its file."""


READER = "reader"
"""Who did it, in the ledger of consents, when people did it themselves."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What one subscribes to. `public_id` is 32 random bits, the only id that leaves the house."""

    id: int
    public_id: int
    slug: str
    names: Mapping[str, str]
    private: bool


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A person on the list.

    `handle` is 64 random bits, the only id that leaves the house; `address` is as it was typed;
    `canonical` is what makes a person unique (`mail.addresses.canonical`). `epoch` counts up when
    the person's links to the preferences are to open nothing any more (T4).
    """

    id: int
    handle: int
    address: str
    canonical: str
    name: str
    language: str
    format: MailFormat = MailFormat.HTML
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class Subscription:
    """That one subscriber gets (or no longer gets) one topic, and on what basis; `resumes_at` is
    when a pause is over."""

    topic: str
    status: SubscriptionStatus
    basis: Basis
    since: datetime
    resumes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """What somebody was told, word for word: its language and version are "" when nobody says."""

    text: str
    language: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """One line of the ledger: who changed a subscription to what, when, how and in which words.

    `status` is None when the subscription was taken away, as by undoing an import; `wording` is
    None when nobody knows, `ip` when it was not kept, `import_id` when no import made the change;
    `imported_at` is when a list brought in what it says happened `at`, None for all else.
    """

    topic: str
    status: SubscriptionStatus | None
    basis: Basis
    source: str
    wording: Wording | None
    actor: str
    at: datetime
    ip: str | None = None
    import_id: int | None = None
    imported_at: datetime | None = None

    @property
    def recorded_at(self) -> datetime:
        """When the line was written down."""
        return self.imported_at or self.at


@dataclass(frozen=True, slots=True)
class Suppression:
    """What is not to be mailed, with the reason and what shows it.

    `target` is a canonical address, `@` and a domain for everybody there, or the seal of an erased
    address.
    """

    target: str
    reason: SuppressionReason
    evidence: str
    at: datetime
