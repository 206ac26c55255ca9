"""Where somebody stands on a list that comes from elsewhere."""

from __future__ import annotations

from enum import StrEnum


class Standing(StrEnum):
    """What a list says of a person; only `subscribed` may ever lead to mail.

    `unsubscribed` and `suppressed` win over every list that says otherwise, whichever comes first.
    """

    SUBSCRIBED = "subscribed"
    PENDING = "pending"
    PAUSED = "paused"
    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED = "suppressed"
