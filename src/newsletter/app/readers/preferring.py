"""The preferences: which topics somebody gets, and in which language."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from newsletter.app.readers.named_reader import (
    NamedReader,
    find_named,
    is_subscribed,
    shown_reader,
    visible_topics,
)
from newsletter.app.workspace import Workspace
from newsletter.audience import joining, leaving, subscribers
from newsletter.audience.grounds import Grounds
from newsletter.domain.errors import Refused
from newsletter.domain.people import READER, Basis, ConsentSource, Subscriber, Topic
from newsletter.domain.readers import Forgotten, Reader
from newsletter.storage.engine import reading, writing
from newsletter.tokens.tokens import Purpose, TokenClaims

_SOURCE = ConsentSource.PREFERENCES_PAGE


class Preferring:
    """The desk of the preferences pages, of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def reader(self, token: str) -> Reader | Forgotten | None:
        """The person whom the token names, with every topic that they may see."""
        claims = self._read(token)
        if claims is None:
            return None
        with reading(self._workspace.engine) as connection:
            return shown_reader(connection, Purpose.PREFERENCES, find_named(connection, claims))

    def save(
        self, token: str, *, topics: Collection[str], language: str
    ) -> Reader | Forgotten | None:
        """Sets the language and makes exactly `topics` of those the page shows subscribed."""
        claims = self._read(token)
        if claims is None:
            return None
        with writing(self._workspace.engine) as connection:
            named = find_named(connection, claims)
            if named is None:
                return Forgotten()
            self._set_topics(connection, named, topics)
            if language in self._workspace.settings.site.languages:
                subscribers.set_language(connection, named.person.id, language)
                named = replace(named, person=replace(named.person, language=language))
            return shown_reader(connection, Purpose.PREFERENCES, named)

    def leave_all(self, token: str) -> Reader | Forgotten | None:
        """Leaves every topic; saying it twice is as good as once."""
        now = self._workspace.now()
        claims = self._read(token)
        if claims is None:
            return None
        with writing(self._workspace.engine) as connection:
            named = find_named(connection, claims)
            if named is not None:
                leaving.leave_all(connection, named.person.id, source=_SOURCE, actor=READER, at=now)
            return shown_reader(connection, Purpose.PREFERENCES, named)

    def _read(self, token: str) -> TokenClaims | None:
        """What the token names, if it is of the person's present epoch; of somebody of whom nothing
        is kept, the first one is taken for that."""
        tokens = self._workspace.tokens
        handle = tokens.claimed_handle(Purpose.PREFERENCES, token)
        if handle is None:
            return None
        with reading(self._workspace.engine) as connection:
            person = subscribers.by_handle(connection, handle)
        return tokens.read(Purpose.PREFERENCES, token, epoch=person.epoch if person else 0)

    def _set_topics(
        self, connection: Connection, named: NamedReader, wanted: Collection[str]
    ) -> None:
        had = subscribers.subscriptions_of(connection, named.person.id)
        gets = {one.topic for one in had if is_subscribed(one)}
        visible = visible_topics(named.topics, had)
        for topic in visible:
            if topic.slug in gets and topic.slug not in wanted:
                self._leave(connection, named.person, topic)
        new = [one for one in visible if one.slug in wanted and one.slug not in gets]
        self._join(connection, named.person, new)

    def _join(self, connection: Connection, person: Subscriber, topics: Sequence[Topic]) -> None:
        now = self._workspace.now()
        grounds = Grounds(Basis.CONSENT, _SOURCE, None, READER, now)
        for topic in topics:
            try:
                joining.join(connection, person, topic, grounds, seals=self._workspace.seals)
            except Refused:  # suppressed: for every topic alike, and the page says so
                return

    def _leave(self, connection: Connection, person: Subscriber, topic: Topic) -> None:
        now = self._workspace.now()
        leaving.leave(connection, person.id, topic.id, source=_SOURCE, actor=READER, at=now)
