"""Mailchimp's three exports of one audience, with the columns that they really have."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import TypeAlias

_PERSON = ("Email Address", "First Name", "Last Name", "Language", "County")
_TECHNICAL = (
    *("MEMBER_RATING", "OPTIN_TIME", "OPTIN_IP", "CONFIRM_TIME", "CONFIRM_IP"),
    *("LATITUDE", "LONGITUDE", "GMTOFF", "DSTOFF", "TIMEZONE", "CC", "REGION"),
)
_LAST = ("LAST_CHANGED", "LEID", "EUID", "NOTES", "TAGS")
_HEADERS = {
    "subscribed": (*_PERSON, *_TECHNICAL, *_LAST),
    "unsubscribed": (
        *(*_PERSON, *_TECHNICAL),
        *("UNSUB_TIME", "UNSUB_CAMPAIGN_TITLE", "UNSUB_CAMPAIGN_ID"),
        *("UNSUB_REASON", "UNSUB_REASON_OTHER"),
        *_LAST,
    ),
    "cleaned": (
        *(*_PERSON, *_TECHNICAL),
        *("CLEAN_TIME", "CLEAN_CAMPAIGN_TITLE", "CLEAN_CAMPAIGN_ID"),
        *_LAST,
    ),
}
EXPORTS = tuple(_HEADERS)
"""The kinds of export that there are of one audience."""

_ALWAYS = {
    "MEMBER_RATING": "2",
    "OPTIN_TIME": "2024-03-01 09:00:00",
    "CONFIRM_TIME": "2024-03-01 09:05:00",
    "CONFIRM_IP": "192.0.2.7",
    "UNSUB_TIME": "2025-06-01 10:00:00",
    "UNSUB_CAMPAIGN_TITLE": "June news",
    "CLEAN_TIME": "2025-07-01 11:00:00",
    "CLEAN_CAMPAIGN_TITLE": "July news",
    "LAST_CHANGED": "2025-08-01 12:00:00",
    "LEID": "101",
    "EUID": "abc",
}

MailchimpRow: TypeAlias = Mapping[str, str]
"""The cells of a row by the names of their columns; the others are as Mailchimp fills them."""


def mailchimp_export(kind: str, rows: Iterable[MailchimpRow]) -> str:
    """The export of that kind, as CSV."""
    out = io.StringIO()
    header = _HEADERS[kind]
    writer = csv.DictWriter(out, header, restval="", extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        writer.writerow({**_ALWAYS, **row})
    return out.getvalue()
