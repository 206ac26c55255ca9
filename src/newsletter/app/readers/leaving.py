"""Leaving, by the links in every mail."""

from __future__ import annotations

from newsletter.app.readers.named_reader import find_named, shown_reader
from newsletter.app.workspace import Workspace
from newsletter.audience import leaving
from newsletter.domain.people import READER, ConsentSource
from newsletter.domain.readers import Forgotten, Reader
from newsletter.storage.engine import reading, writing
from newsletter.tokens.tokens import Purpose, TokenClaims


class Leaving:
    """The desk of the unsubscribe pages, of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def reader(self, token: str) -> Reader | Forgotten | None:
        """The person whom the token names, with its own topic only."""
        claims = self._read(token)
        if claims is None:
            return None
        with reading(self._workspace.engine) as connection:
            return shown_reader(connection, Purpose.UNSUBSCRIBE, find_named(connection, claims))

    def leave(self, token: str, *, one_click: bool) -> Reader | Forgotten | None:
        """Leaves the token's topic and no other (T8); saying it twice is as good as once (T7)."""
        claims = self._read(token)
        if claims is None:
            return None
        source = ConsentSource.ONE_CLICK if one_click else ConsentSource.UNSUBSCRIBE_PAGE
        now = self._workspace.now()
        with writing(self._workspace.engine) as connection:
            named = find_named(connection, claims)
            if named is not None and named.topic is not None:
                person, topic = named.person.id, named.topic.id
                leaving.leave(connection, person, topic, source=source, actor=READER, at=now)
        # What the page shows is read when nobody waits for this any more.
        with reading(self._workspace.engine) as connection:
            return shown_reader(connection, Purpose.UNSUBSCRIBE, named)

    def leave_all(self, token: str) -> Reader | Forgotten | None:
        """Leaves every topic; saying it twice is as good as once."""
        claims = self._read(token)
        if claims is None:
            return None
        source, now = ConsentSource.UNSUBSCRIBE_PAGE, self._workspace.now()
        with writing(self._workspace.engine) as connection:
            named = find_named(connection, claims)
            if named is not None:
                leaving.leave_all(connection, named.person.id, source=source, actor=READER, at=now)
            return shown_reader(connection, Purpose.UNSUBSCRIBE, named)

    def _read(self, token: str) -> TokenClaims | None:
        return self._workspace.tokens.read(Purpose.UNSUBSCRIBE, token)
