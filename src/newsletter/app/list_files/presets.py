"""The lists of other programs: what their columns are called and what their statuses mean.

Names of columns and statuses are in lower case; they are matched whole, capitals or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from newsletter.app.list_files.holdings import (
    PAUSED,
    PENDING,
    SUBSCRIBED,
    UNSUBSCRIBED,
    Holds,
    Verdict,
    passed_over,
    suppressed,
)
from newsletter.domain.people import SubscriptionStatus, SuppressionReason


@dataclass(frozen=True, slots=True)
class Preset:
    """How the lists of one program are read.

    `columns` are the names that a column may have, the best first: where a row's cell is empty in
    one, the next is read. `told_by` are columns that no other program's lists have together;
    `unread` are columns that every such list has and nobody misses. `otherwise` is the verdict on a
    row without a status; `statuses` are all that there are. Where lists are `dated`, a row without
    an instant tells of nobody who subscribed.
    """

    name: str
    described: str
    columns: Mapping[Holds, tuple[str, ...]]
    told_by: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    otherwise: Verdict = SUBSCRIBED
    statuses: Mapping[str, Verdict] = field(default_factory=dict)
    dated: bool = False


_UNCONFIRMED = passed_over("the address was never confirmed")
_BOUNCED = suppressed(SuppressionReason.IMPORTED, "the list says that mail to it bounced")
_COMPLAINED = suppressed(SuppressionReason.COMPLAINT, "the list says that its reader complained")
_BLOCKED = suppressed(SuppressionReason.IMPORTED, "the list says that it is blocked")

COMMON_STATUSES = {
    "subscribed": SUBSCRIBED,
    "active": SUBSCRIBED,
    "confirmed": SUBSCRIBED,
    "paused": PAUSED,
    "pending": _UNCONFIRMED,
    "unconfirmed": _UNCONFIRMED,
    "unsubscribed": UNSUBSCRIBED,
    "opted out": UNSUBSCRIBED,
    "opted-out": UNSUBSCRIBED,
    "bounced": _BOUNCED,
    "cleaned": _BOUNCED,
    "complained": _COMPLAINED,
    "spam": _COMPLAINED,
    "suppressed": _BLOCKED,
    "blocked": _BLOCKED,
    "blocklisted": _BLOCKED,
    "blacklisted": _BLOCKED,
}
"""What a status means in a list of no known program."""

_OWN_STATUSES: Mapping[str, Verdict] = {
    SubscriptionStatus.ACTIVE: SUBSCRIBED,
    SubscriptionStatus.PENDING: PENDING,
    SubscriptionStatus.PAUSED: PAUSED,
    SubscriptionStatus.UNSUBSCRIBED: UNSUBSCRIBED,
}

_LISTMONK_STATUSES = {
    "enabled": SUBSCRIBED,
    "disabled": passed_over("is disabled in listmonk"),
    "blocklisted": suppressed(SuppressionReason.IMPORTED, "blocklisted in listmonk"),
}

_MAILCHIMP_UNREAD = frozenset(
    {
        *("member_rating", "latitude", "longitude", "gmtoff", "dstoff", "timezone", "cc", "region"),
        *("leid", "euid", "notes", "last_changed"),
        *("optin_time", "optin_ip", "confirm_time", "confirm_ip"),
    }
)
_MAILCHIMP_PERSON = {
    Holds.EMAIL: ("email address", "email"),
    Holds.NAME: ("name", "full name"),
    Holds.FIRST_NAME: ("first name", "fname"),
    Holds.LAST_NAME: ("last name", "lname"),
    Holds.LANGUAGE: ("language", "mc_language"),
    Holds.FORMAT: ("email_type",),
}

MAILCHIMP_SUBSCRIBED = Preset(
    name="mailchimp",
    described="Mailchimp's export of subscribed people",
    columns={
        **_MAILCHIMP_PERSON,
        Holds.SINCE: ("confirm_time", "optin_time"),
        Holds.IP: ("confirm_ip", "optin_ip"),
    },
    unread=_MAILCHIMP_UNREAD,
    dated=True,
)
MAILCHIMP_UNSUBSCRIBED = Preset(
    name="mailchimp",
    described="Mailchimp's export of unsubscribed people",
    columns={
        **_MAILCHIMP_PERSON,
        Holds.SINCE: ("unsub_time",),
        Holds.CAMPAIGN: ("unsub_campaign_title",),
        Holds.CAMPAIGN_ID: ("unsub_campaign_id",),
        Holds.REASON: ("unsub_reason",),
        Holds.REMARK: ("unsub_reason_other",),
    },
    told_by=frozenset({"unsub_time"}),
    unread=_MAILCHIMP_UNREAD,
    otherwise=UNSUBSCRIBED._replace(evidence="unsubscribed in Mailchimp"),
)
MAILCHIMP_CLEANED = Preset(
    name="mailchimp",
    described="Mailchimp's export of cleaned addresses, to which mail bounced",
    columns={
        **_MAILCHIMP_PERSON,
        Holds.SINCE: ("clean_time",),
        Holds.JOINED: ("confirm_time", "optin_time"),
        Holds.CAMPAIGN: ("clean_campaign_title",),
        Holds.CAMPAIGN_ID: ("clean_campaign_id",),
    },
    told_by=frozenset({"clean_time"}),
    unread=_MAILCHIMP_UNREAD,
    otherwise=suppressed(SuppressionReason.IMPORTED, "cleaned in Mailchimp"),
)
MAILCHIMP_NONSUBSCRIBED = Preset(
    name="mailchimp",
    described="Mailchimp's export of people who never subscribed",
    columns=_MAILCHIMP_PERSON,
    unread=_MAILCHIMP_UNREAD,
    otherwise=passed_over("never subscribed in Mailchimp"),
)

LISTMONK = Preset(
    name="listmonk",
    described="listmonk's list of subscribers",
    columns={
        Holds.EMAIL: ("email",),
        Holds.NAME: ("name",),
        Holds.ATTRIBUTES: ("attributes",),
        Holds.STATUS: ("status",),
        Holds.SINCE: ("created_at",),
    },
    told_by=frozenset({"email", "name", "attributes"}),
    unread=frozenset({"uuid", "updated_at"}),
    statuses=_LISTMONK_STATUSES,
)

_PLAIN_COLUMNS: Mapping[Holds, tuple[str, ...]] = {
    Holds.EMAIL: ("email", "e-mail", "email address", "e-mail address", "address", "e-bost"),
    Holds.NAME: ("name", "full name"),
    Holds.FIRST_NAME: ("first_name", "first name", "firstname"),
    Holds.LAST_NAME: ("last_name", "last name", "lastname", "surname"),
    Holds.LANGUAGE: ("language",),
    Holds.FORMAT: ("format",),
    Holds.TOPIC: ("topic",),
    Holds.STATUS: ("status",),
    Holds.BASIS: ("basis",),
    Holds.SOURCE: ("source",),
    Holds.WORDING: ("wording",),
    Holds.SINCE: (
        "since",
        "consent date",
        "consent_date",
        "consent time",
        "consent_time",
        "optin_time",
    ),
    Holds.IP: ("ip", "ip address", "ip_address"),
    Holds.SUPPRESSION: ("suppression",),
}
PLAIN = Preset(
    name="plain",
    described="a plain list",
    columns=_PLAIN_COLUMNS,
    statuses=COMMON_STATUSES,
)
NEWSLETTER = Preset(
    name="newsletter",
    described="this program's own export",
    columns={**_PLAIN_COLUMNS, Holds.EMAIL: ("email",)},
    told_by=frozenset({"email", "topic", "status", "basis", "since", "suppression"}),
    # A person without any subscription stands in the export, too.
    otherwise=passed_over("has no subscription in the export"),
    statuses=_OWN_STATUSES,
)

PRESETS = ("mailchimp", "listmonk", "plain", "newsletter")
"""The names that a person may give."""
