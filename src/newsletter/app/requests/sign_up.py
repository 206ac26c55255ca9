"""Confirming a sign-up: onto the list, and a word of welcome."""

from __future__ import annotations

from sqlalchemy import Connection

from newsletter.app.requests.confirmable import Act
from newsletter.app.workspace import Workspace
from newsletter.audience import signing_up, stopping
from newsletter.audience.topics import all_topics
from newsletter.dispatch.notices.queue import add_notices
from newsletter.domain.confirming import Confirmation, Stage
from newsletter.domain.notices import NewNotice, NoticeKind
from newsletter.domain.people import Topic
from newsletter.domain.requests import LIFE, Request, RequestKind
from newsletter.mail.addresses import mask


class SignUp:
    """The sign-ups of one workspace. Their facts are `topics`: the names of each, by language."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def look(self, connection: Connection, request: Request) -> Confirmation:
        """What is signed up for; over when none of it can be had any more."""
        topics = self._topics(connection, request)
        if request.settled_at is not None:
            return _shown(request, Stage.DONE, topics)
        if stopping.is_stopped(connection, request.canonical, self._workspace.seals):
            return _shown(request, Stage.STOPPED, topics)
        return _shown(request, Stage.OPEN if topics else Stage.OVER, topics)

    def confirm(self, connection: Connection, request: Request, act: Act) -> Confirmation:
        """Puts the person on the list of every topic that is still public (T15)."""
        topics = self._topics(connection, request)
        seals = self._workspace.seals
        signing_up.join_by_confirming(
            connection, request, topics, seals=seals, at=act.at, ip=act.ip
        )
        welcome = NewNotice(
            NoticeKind.WELCOME,
            request.address,
            request.language,
            act.at + LIFE[RequestKind.SIGN_UP],
            details={"topics": [one.slug for one in topics]},
        )
        add_notices(connection, [welcome], act.at)
        return _shown(request, Stage.DONE, topics)

    def finish(self, request: Request) -> None:
        """There is nothing else to do."""

    @staticmethod
    def _topics(connection: Connection, request: Request) -> list[Topic]:
        return signing_up.topics_to_join(all_topics(connection), request)


def _shown(request: Request, stage: Stage, topics: list[Topic]) -> Confirmation:
    facts = {"topics": [one.names for one in topics]}
    return Confirmation(stage, request.kind, mask(request.address), facts)
