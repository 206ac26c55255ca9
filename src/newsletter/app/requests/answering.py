"""Looking at the requests that wait, when nobody waits for the answer any more (T13).

The requests of one address are looked at together, each address in a transaction of its own: two
processes at once answer none twice, and a thousand sign-ups for one mailbox cost little more than
one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from newsletter.app.requests.domain_turns import DomainTurns
from newsletter.app.requests.judging import judge
from newsletter.app.requests.request_notices import notice_about
from newsletter.app.requests.standing import standing_of
from newsletter.app.workspace import Workspace
from newsletter.audience import signing_up
from newsletter.audience.requests import finding, recording
from newsletter.audience.requests.counting import mailed_before
from newsletter.audience.topics import all_topics
from newsletter.dispatch.notices.queue import add_notices
from newsletter.domain.errors import SurroundingsFailed
from newsletter.domain.notices import NewNotice, NoticeKind
from newsletter.domain.people import Topic
from newsletter.domain.request_limits import LONGEST, Mailed, may_mail
from newsletter.domain.requests import Request, RequestKind, RequestOutcome
from newsletter.storage.engine import reading, writing

_MOST = 500
"""Requests looked at in one call: whoever calls has other things to do, too."""


def answer_requests(workspace: Workspace) -> int:
    """Looks at requests that wait, the oldest first, a few hundred at most, and queues the notices
    that come of them; gives how many were answered.

    Sign-ups of a domain that has had its share wait for a later call, and hold up nobody else. Nor
    does an address at which the program itself fails: that is raised when all others are done.
    """
    with reading(workspace.engine) as connection:
        turns = DomainTurns(connection, workspace.settings.sign_up.per_domain, workspace.now())
    done, faults = 0, list[Exception]()
    while done < _MOST:
        over = turns.over
        with reading(workspace.engine) as connection:
            found = finding.waiting(connection, most=_MOST - done, but_sign_ups_at=over)
        answered = sum(_try(workspace, turns, ids, faults) for ids in _by_address(found))
        if faults or (not answered and over == turns.over):
            break
        done += answered
    if faults:
        raise faults[0]
    return done


def _by_address(found: Iterable[Request]) -> list[list[int]]:
    ids: dict[str, list[int]] = defaultdict(list)
    for request in found:
        ids[request.canonical].append(request.id)
    return list(ids.values())


def _try(
    workspace: Workspace, turns: DomainTurns, ids: Sequence[int], faults: list[Exception]
) -> int:
    try:
        return _answer(workspace, turns, ids)
    except SurroundingsFailed:  # it would be so for everybody
        raise
    except Exception as error:  # raised when the others have their answers
        faults.append(error)
        return 0


def _answer(workspace: Workspace, turns: DomainTurns, ids: Sequence[int]) -> int:
    with writing(workspace.engine) as connection:
        waiting = finding.still_waiting(connection, ids)
        if not waiting:
            return 0
        address = _Address(workspace, connection, turns, waiting[0].canonical)
        for request in waiting:
            address.look_at(request)
        return address.write()


class _Address:
    """One address whose requests are looked at, within one transaction."""

    def __init__(
        self, workspace: Workspace, connection: Connection, turns: DomainTurns, canonical: str
    ) -> None:
        self._connection = connection
        self._turns = turns
        self._canonical = canonical
        self._now = workspace.now()
        self._seals = workspace.seals
        self._topics = all_topics(connection)
        self._standing = standing_of(connection, canonical, workspace.seals)
        before = mailed_before(connection, canonical, self._now - LONGEST, now=self._now)
        self._mailed, self._confirmed_at = list(before.mailed), before.confirmed_at
        self._outcomes: dict[RequestOutcome, list[int]] = defaultdict(list)
        self._notices: list[NewNotice] = []

    def look_at(self, request: Request) -> None:
        """Finds out what comes of one of its requests, which may be that it goes on waiting."""
        is_sign_up = request.kind is RequestKind.SIGN_UP
        topics = signing_up.topics_to_join(self._topics, request) if is_sign_up else []
        judgement = judge(request, self._standing, topics, self._now)
        notice = judgement.notice
        if notice is None:
            self._outcomes[judgement.outcome].append(request.id)
        elif not self._may_mail(notice):
            self._outcomes[RequestOutcome.LIMITED].append(request.id)
        elif notice is not NoticeKind.CONFIRM or not self._turns.is_over(self._canonical):
            self._outcomes[judgement.outcome].append(request.id)
            self._mail(request, notice, topics)

    def write(self) -> int:
        """Writes down what was found out; gives how many requests do not wait any more."""
        for outcome, ids in self._outcomes.items():
            recording.record_outcome(self._connection, ids, outcome, self._now)
        add_notices(self._connection, self._notices, self._now)
        return sum(len(ids) for ids in self._outcomes.values())

    def _may_mail(self, notice: NoticeKind) -> bool:
        return may_mail(notice, self._mailed, confirmed_at=self._confirmed_at, at=self._now)

    def _mail(self, request: Request, notice: NoticeKind, topics: Sequence[Topic]) -> None:
        self._mailed.append(Mailed(notice, self._now))
        self._notices.append(notice_about(request, notice, topics, self._now))
        if notice is not NoticeKind.CONFIRM:
            return
        self._turns.count(self._canonical)
        if not self._standing.is_suppressed:
            signing_up.wait_for(self._connection, request, topics, seals=self._seals, at=self._now)
