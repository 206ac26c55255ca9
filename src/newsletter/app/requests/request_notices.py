"""The notices that answer requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from newsletter.domain.notices import NewNotice, NoticeKind
from newsletter.domain.people import Topic
from newsletter.domain.requests import LIFE, Request, RequestKind


def notice_about(
    request: Request, kind: NoticeKind, topics: Sequence[Topic], at: datetime
) -> NewNotice:
    """The notice of that kind about the request, in the language of the page it was made on; it
    says `topics` when there are any, else what the request says itself."""
    expires_at = request.expires_at
    if kind is NoticeKind.ON_LIST:
        # It brings no more than the reader's own link, which nobody waits for a week for.
        expires_at = min(expires_at, at + LIFE[RequestKind.MY_LINK])
    return NewNotice(
        kind,
        request.address,
        request.language,
        expires_at,
        request_id=request.id,
        details={"topics": [one.slug for one in topics]} if topics else dict(request.details),
    )
