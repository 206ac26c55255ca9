"""Reminding, once and after a day, whoever was asked to confirm a sign-up and has not."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from newsletter.app.requests.request_notices import notice_about
from newsletter.app.requests.standing import standing_of
from newsletter.app.workspace import Workspace
from newsletter.audience import signing_up
from newsletter.audience.requests import finding, recording
from newsletter.audience.requests.counting import mailed_before
from newsletter.audience.topics import all_topics
from newsletter.dispatch.notices.handed_over import was_accepted
from newsletter.dispatch.notices.queue import add_notices
from newsletter.domain.notices import NoticeKind
from newsletter.domain.people import Topic
from newsletter.domain.request_limits import LONGEST, may_mail
from newsletter.domain.requests import Request
from newsletter.storage.engine import reading, writing

_AFTER = timedelta(days=1)
_MOST = 500
"""Requests looked at in one call: whoever calls has other things to do, too."""


def remind(workspace: Workspace) -> int:
    """Queues the reminders that are due, a few hundred at most, if the settings want any; gives how
    many."""
    if not workspace.settings.sign_up.reminder:
        return 0
    due: list[int] = []
    last = 0
    while len(due) < _MOST:
        with reading(workspace.engine) as connection:
            found = _asked_a_day_ago(connection, workspace, last)
            due += [one.id for one in found if _wants_reminding(connection, workspace, one)]
        if not found:
            break
        last = found[-1].id
    return sum(_remind(workspace, request_id) for request_id in due)


def _asked_a_day_ago(connection: Connection, workspace: Workspace, after: int) -> list[Request]:
    now = workspace.now()
    return finding.unconfirmed(
        connection, mailed_until=now - _AFTER, at=now, after=after, most=_MOST
    )


def _wants_reminding(connection: Connection, workspace: Workspace, request: Request) -> bool:
    """Whether the mail has been with the person for a day and nothing has come between: they have
    not confirmed anything since, have not joined in another way, have not left, and may be
    mailed."""
    a_day_ago = workspace.now() - _AFTER
    if not was_accepted(connection, request.id, NoticeKind.CONFIRM, until=a_day_ago):
        return False
    now = workspace.now()
    before = mailed_before(connection, request.canonical, now - LONGEST, now=now)
    if before.confirmed_at is not None and before.confirmed_at > request.asked_at:
        return False
    confirmed_at = before.confirmed_at
    if not may_mail(NoticeKind.REMINDER, before.mailed, confirmed_at=confirmed_at, at=now):
        return False
    return bool(_topics_to_confirm(connection, workspace, request))


def _topics_to_confirm(
    connection: Connection, workspace: Workspace, request: Request
) -> list[Topic]:
    standing = standing_of(connection, request.canonical, workspace.seals)
    if standing.is_suppressed:
        return []
    left = signing_up.left_since(connection, request.canonical, request.asked_at)
    topics = signing_up.topics_to_join(all_topics(connection), request)
    return [one for one in topics if not standing.has(one) and one.id not in left]


def _remind(workspace: Workspace, request_id: int) -> bool:
    now = workspace.now()
    with writing(workspace.engine) as connection:
        request = finding.unconfirmed_one(connection, request_id, at=now)
        # What was looked at a moment ago may have changed, or been reminded of by somebody else.
        if request is None or not _wants_reminding(connection, workspace, request):
            return False
        recording.record_reminder(connection, request.id, now)
        topics = _topics_to_confirm(connection, workspace, request)
        notice = notice_about(request, NoticeKind.REMINDER, topics, now)
        add_notices(connection, [notice], now)
    return True
