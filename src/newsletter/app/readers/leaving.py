"""Leaving, by the links in every mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from newsletter.app.readers.leaver import NamedLeaver, find_leaver, is_subscribed
from newsletter.app.readers.noting import NOT_TAKEN, PATIENCE, note
from newsletter.app.readers.spool_folder import SpooledDeparture, SpoolFolder
from newsletter.app.readers.together import Together
from newsletter.app.workspace import Workspace
from newsletter.audience import leaving, undoing_departures
from newsletter.audience.leaving_reasons import give_reason
from newsletter.domain.departures import Leaver, LeavingNews, Noted, Unseen
from newsletter.domain.people import READER, ConsentSource
from newsletter.domain.readers import Forgotten
from newsletter.domain.requests import LeavingReason
from newsletter.storage.engine import reading
from newsletter.tokens.tokens import Purpose, TokenClaims

_Act = Callable[[Connection, NamedLeaver], Leaver]


class Leaving:
    """The desk of the unsubscribe pages, of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._spool = SpoolFolder(workspace.spool_folder)
        self._together = Together(workspace.engine, patience=PATIENCE)

    def leaver(self, token: str) -> Leaver | Forgotten | Unseen | None:
        """Whoever the token names, with its own topic only."""
        claims = self._read(token)
        if claims is None:
            return None
        try:
            with reading(self._workspace.engine) as connection:
                named = find_leaver(connection, claims)
                return self._looked_at(connection, named) if named else Forgotten()
        except NOT_TAKEN:
            return Unseen()

    def leave(self, token: str, *, one_click: bool) -> Leaver | Forgotten | Noted | None:
        """Leaves the token's topic and no other (T8); saying it twice is as good as once (T7)."""
        source = ConsentSource.ONE_CLICK if one_click else ConsentSource.UNSUBSCRIBE_PAGE
        wish = SpooledDeparture(token, everything=False, source=source, at=self._now)

        def act(connection: Connection, named: NamedLeaver) -> Leaver:
            if named.topic is None:
                return self._looked_at(connection, named)
            person, topic = named.person.id, named.topic.id
            has_changed = leaving.leave(
                connection, person, topic, source=source, actor=READER, at=wish.at
            )
            return self._left(connection, named, topic, has_changed=has_changed)

        return self._leave(wish, act)

    def leave_all(self, token: str) -> Leaver | Forgotten | Noted | None:
        """Leaves every topic; saying it twice is as good as once."""
        source = ConsentSource.UNSUBSCRIBE_PAGE
        wish = SpooledDeparture(token, everything=True, source=source, at=self._now)

        def act(connection: Connection, named: NamedLeaver) -> Leaver:
            number = leaving.leave_all(
                connection, named.person.id, source=source, actor=READER, at=wish.at
            )
            return self._left(connection, named, None, has_changed=number > 0)

        return self._leave(wish, act)

    def undo(self, token: str, *, everything: bool) -> Leaver | Forgotten | None:
        """Takes the departure from the token's topic back, and all that was left with it; or,
        with `everything`, the person's last act, whatever it was."""

        def act(connection: Connection, named: NamedLeaver) -> Leaver:
            topic = None if everything else named.topic_id
            done = undoing_departures.undo(
                connection, named.person, topic, seals=self._workspace.seals, at=self._now
            )
            news = LeavingNews.UNDONE if done else LeavingNews.NOT_UNDONE
            return self._looked_at(connection, named, news)

        claims = self._read(token)
        return None if claims is None else self._acted(claims, act)

    def give_reason(self, token: str, reason: LeavingReason | None) -> Leaver | Forgotten | None:
        """Notes why the person left the token's topic, if they say so and have left it."""

        def act(connection: Connection, named: NamedLeaver) -> Leaver:
            if reason is None or named.topic is None:
                return self._looked_at(connection, named)
            person, topic = named.person.id, named.topic.id
            is_noted = give_reason(connection, person, topic, reason, at=self._now)
            news = LeavingNews.REASON_NOTED if is_noted else None
            return self._looked_at(connection, named, news)

        claims = self._read(token)
        return None if claims is None else self._acted(claims, act)

    @property
    def _now(self) -> datetime:
        return self._workspace.now()

    def _read(self, token: str) -> TokenClaims | None:
        return self._workspace.tokens.read(Purpose.UNSUBSCRIBE, token)

    def _leave(self, wish: SpooledDeparture, act: _Act) -> Leaver | Forgotten | Noted | None:
        claims = self._read(wish.token)
        if claims is None:
            return None
        try:
            return self._acted(claims, act)
        except NOT_TAKEN as error:
            return note(self._spool, wish, error)

    def _acted(self, claims: TokenClaims, act: _Act) -> Leaver | Forgotten:
        def change(connection: Connection) -> Leaver | Forgotten:
            named = find_leaver(connection, claims)
            return Forgotten() if named is None else act(connection, named)

        return self._together(change)

    def _left(
        self, connection: Connection, named: NamedLeaver, topic_id: int | None, *, has_changed: bool
    ) -> Leaver:
        # Whoever has just left can take it back: only of others must the ledger be asked.
        can_undo = has_changed or self._can_undo(connection, named, topic_id)
        return named.shown(is_subscribed=False, can_undo=can_undo)

    def _looked_at(
        self, connection: Connection, named: NamedLeaver, news: LeavingNews | None = None
    ) -> Leaver:
        can_undo = self._can_undo(connection, named, named.topic_id)
        there = is_subscribed(connection, named)
        return named.shown(is_subscribed=there, can_undo=can_undo, news=news)

    def _can_undo(self, connection: Connection, named: NamedLeaver, topic_id: int | None) -> bool:
        seals, at = self._workspace.seals, self._now
        return undoing_departures.can_undo(connection, named.person, topic_id, seals=seals, at=at)
