"""What comes of a request, in one place; nobody outside learns it (T13).

It is pure: what is known of the address comes in, what is to be done comes out. How often it may be
mailed is `domain.request_limits`' to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.app.requests.standing import Standing
from newsletter.domain.notices import NoticeKind
from newsletter.domain.people import Topic
from newsletter.domain.requests import Request, RequestKind, RequestOutcome


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome, and the notice that is sent, None when there is none."""

    outcome: RequestOutcome
    notice: NoticeKind | None = None


def judge(request: Request, standing: Standing, topics: Sequence[Topic], at: datetime) -> Judgement:
    """What comes of a request that is looked at then; `topics` are those that a sign-up may
    have."""
    if request.expires_at <= at:
        return Judgement(RequestOutcome.EXPIRED)
    match request.kind:
        case RequestKind.SIGN_UP:
            return _sign_up(standing, topics)
        case RequestKind.MY_LINK:
            return _my_link(standing)
        case RequestKind.ADDRESS_TO if standing.is_stopped:
            return Judgement(RequestOutcome.STOPPED)
        case _:
            # Their own data, their erasure and their address are people's to ask for whatever they
            # are mailed.
            return Judgement(RequestOutcome.MAILED, NoticeKind(request.kind))


def _sign_up(standing: Standing, topics: Sequence[Topic]) -> Judgement:
    if standing.is_stopped or not topics:
        return Judgement(RequestOutcome.STOPPED)
    if not standing.is_suppressed and all(standing.has(one) for one in topics):
        return Judgement(RequestOutcome.ON_LIST, NoticeKind.ON_LIST)
    return Judgement(RequestOutcome.MAILED, NoticeKind.CONFIRM)


def _my_link(standing: Standing) -> Judgement:
    if not standing.was_ever_there:
        return Judgement(RequestOutcome.NOBODY)
    if standing.is_suppressed:
        return Judgement(RequestOutcome.STOPPED)
    return Judgement(RequestOutcome.MAILED, NoticeKind.MY_LINK)
