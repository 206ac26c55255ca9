"""Leaving, by the links in every mail."""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from newsletter.app.readers.leaver import NamedLeaver, find_leaver, shown_leaver
from newsletter.app.readers.spool_folder import SpooledDeparture, SpoolFolder
from newsletter.app.workspace import Workspace
from newsletter.audience import leaving, undoing_departures
from newsletter.audience.leaving_reasons import give_reason
from newsletter.domain.departures import Leaver, LeavingNews, Noted, Unseen
from newsletter.domain.errors import SurroundingsFailed
from newsletter.domain.people import READER, ConsentSource
from newsletter.domain.readers import Forgotten
from newsletter.domain.requests import LeavingReason
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema_version import require_current_here
from newsletter.tokens.tokens import Purpose, TokenClaims

PATIENCE = 0.5
"""Seconds for which somebody who leaves waits for the database; then it is written down (T10)."""

_NOT_TAKEN = (SurroundingsFailed, DBAPIError)
"""Whatever the database has to say against it: nobody has to come again to leave."""

_log = logging.getLogger(__name__)

_Act = Callable[[Connection, NamedLeaver], LeavingNews | None]


class Leaving:
    """The desk of the unsubscribe pages, of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._spool = SpoolFolder(workspace.spool_folder)

    def leaver(self, token: str) -> Leaver | Forgotten | Unseen | None:
        """Whoever the token names, with its own topic only."""
        claims = self._read(token)
        if claims is None:
            return None
        try:
            with reading(self._workspace.engine) as connection:
                named = find_leaver(connection, claims)
                return self._shown(connection, named, everything=False, news=None)
        except _NOT_TAKEN:
            return Unseen()

    def leave(self, token: str, *, one_click: bool) -> Leaver | Forgotten | Noted | None:
        """Leaves the token's topic and no other (T8); saying it twice is as good as once (T7)."""
        source = ConsentSource.ONE_CLICK if one_click else ConsentSource.UNSUBSCRIBE_PAGE
        now = self._workspace.now()

        def act(connection: Connection, named: NamedLeaver) -> None:
            if named.topic is not None:
                person, topic = named.person.id, named.topic.id
                leaving.leave(connection, person, topic, source=source, actor=READER, at=now)

        wish = SpooledDeparture(token, everything=False, one_click=one_click, at=now)
        return self._leave(wish, act)

    def leave_all(self, token: str) -> Leaver | Forgotten | Noted | None:
        """Leaves every topic; saying it twice is as good as once."""
        source, now = ConsentSource.UNSUBSCRIBE_PAGE, self._workspace.now()

        def act(connection: Connection, named: NamedLeaver) -> None:
            leaving.leave_all(connection, named.person.id, source=source, actor=READER, at=now)

        wish = SpooledDeparture(token, everything=True, one_click=False, at=now)
        return self._leave(wish, act)

    def undo(self, token: str, *, everything: bool) -> Leaver | Forgotten | None:
        """Takes the departure from the token's topic back, and all that was left with it; or,
        with `everything`, the person's last act, whatever it was."""
        now, seals = self._workspace.now(), self._workspace.seals

        def act(connection: Connection, named: NamedLeaver) -> LeavingNews:
            topic = None if everything else named.topic_id
            done = undoing_departures.undo(connection, named.person, topic, seals=seals, at=now)
            return LeavingNews.UNDONE if done else LeavingNews.NOT_UNDONE

        claims = self._read(token)
        return None if claims is None else self._acted(claims, act, everything=everything)

    def give_reason(self, token: str, reason: LeavingReason | None) -> Leaver | Forgotten | None:
        """Notes why the person left the token's topic, if they say so and have left it."""
        now = self._workspace.now()

        def act(connection: Connection, named: NamedLeaver) -> LeavingNews | None:
            if reason is None or named.topic is None:
                return None
            person, topic = named.person.id, named.topic.id
            is_noted = give_reason(connection, person, topic, reason, at=now)
            return LeavingNews.REASON_NOTED if is_noted else None

        claims = self._read(token)
        return None if claims is None else self._acted(claims, act, everything=False)

    def _read(self, token: str) -> TokenClaims | None:
        return self._workspace.tokens.read(Purpose.UNSUBSCRIBE, token)

    def _leave(self, wish: SpooledDeparture, act: _Act) -> Leaver | Forgotten | Noted | None:
        claims = self._read(wish.token)
        if claims is None:
            return None
        try:
            return self._acted(claims, act, everything=wish.everything)
        except _NOT_TAKEN as error:
            _log.warning("somebody's wish to leave was written down: %s", _what(error))
            self._spool.add(wish)
            return Noted()

    def _acted(self, claims: TokenClaims, act: _Act, *, everything: bool) -> Leaver | Forgotten:
        with writing(self._workspace.engine, patience=PATIENCE) as connection:
            require_current_here(connection)
            named = find_leaver(connection, claims)
            news = None if named is None else act(connection, named)
            return self._shown(connection, named, everything=everything, news=news)

    def _shown(
        self,
        connection: Connection,
        named: NamedLeaver | None,
        *,
        everything: bool,
        news: LeavingNews | None,
    ) -> Leaver | Forgotten:
        if named is None:
            return Forgotten()
        at, seals = self._workspace.now(), self._workspace.seals
        topic = None if everything else named.topic_id
        can_undo = undoing_departures.can_undo(connection, named.person, topic, seals=seals, at=at)
        return shown_leaver(connection, named, can_undo=can_undo, news=news)


def _what(error: Exception) -> str:
    return error.what if isinstance(error, SurroundingsFailed) else type(error).__name__
