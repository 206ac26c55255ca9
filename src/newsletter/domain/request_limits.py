"""How often an address may be mailed about what somebody asked for in its name (T14).

Whoever asks may be anybody, so what is above a limit is left out without a word to them (T13).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.domain.notices import NoticeKind

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` notices of these kinds together in any time of the length `per`; when
    `until_confirmed`, those before the last confirmation do not count."""

    kinds: frozenset[NoticeKind]
    most: int
    per: timedelta
    until_confirmed: bool = False


_TO_CONFIRM = frozenset({NoticeKind.CONFIRM, NoticeKind.REMINDER})
_OWN_LINKS = frozenset({NoticeKind.MY_LINK, NoticeKind.ON_LIST})
_BY_THEMSELVES = (
    NoticeKind.ADDRESS_FROM,
    NoticeKind.ADDRESS_TO,
    NoticeKind.MY_DATA,
    NoticeKind.ERASE,
)

LIMITS: Sequence[Limit] = (
    Limit(_TO_CONFIRM, 1, _DAY),
    Limit(_TO_CONFIRM, 3, timedelta(days=30), until_confirmed=True),
    Limit(_OWN_LINKS, 1, _HOUR),
    Limit(_OWN_LINKS, 3, _DAY),
    Limit(_OWN_LINKS, 10, timedelta(days=30)),
    *(Limit(frozenset({kind}), 5, _DAY) for kind in _BY_THEMSELVES),
)
"""The limits of one address. A kind that is in none of them follows from something confirmed."""

LONGEST = max(limit.per for limit in LIMITS)
"""How far back one has to look."""


@dataclass(frozen=True, slots=True)
class Mailed:
    """That an address was mailed a notice."""

    kind: NoticeKind
    at: datetime


def may_mail(
    kind: NoticeKind, mailed: Sequence[Mailed], *, confirmed_at: datetime | None, at: datetime
) -> bool:
    """Whether an address that was `mailed` all this may be mailed one more notice then; it last
    confirmed a sign-up at `confirmed_at`, None for never."""
    for limit in LIMITS:
        if kind not in limit.kinds:
            continue
        since = at - limit.per
        if limit.until_confirmed and confirmed_at is not None:
            since = max(since, confirmed_at)
        if sum(one.kind in limit.kinds and one.at > since for one in mailed) >= limit.most:
            return False
    return True
