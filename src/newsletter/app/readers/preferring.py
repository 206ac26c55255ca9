"""The preferences: what somebody gets, in which form, and which links open them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import Connection

from newsletter.app.readers.changing import changing
from newsletter.app.readers.choosing_topics import choose_topics
from newsletter.app.readers.named_reader import NamedReader, find_named, shown_reader
from newsletter.app.readers.noting import NOT_TAKEN, PATIENCE, note
from newsletter.app.readers.spool_folder import SpooledDeparture, SpoolFolder
from newsletter.app.workspace import Workspace
from newsletter.audience import leaving, link_epochs, pausing, subscribers
from newsletter.domain.audience_rules import DayUnit, FromToday
from newsletter.domain.departures import Noted
from newsletter.domain.people import READER, ConsentSource
from newsletter.domain.readers import Choices, Forgotten, FreshLink, Opened, Reader, Voided
from newsletter.storage.engine import reading
from newsletter.tokens.tokens import Purpose, TokenClaims

_Done = TypeVar("_Done")

_EPOCHS_REMEMBERED = 32
"""Of links from before those it is not told that they were made void: whoever makes them void a
million times shall not have the program look through a million for each link that is forged."""


@dataclass(frozen=True, slots=True)
class _Verified:
    """What a token names, and the epoch of its person by which it was found to be signed."""

    claims: TokenClaims
    epoch: int


class Preferring:
    """The desk of the preferences pages, of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._spool = SpoolFolder(workspace.spool_folder)

    def reader(self, token: str) -> Opened:
        """The person whom the token names, with every topic that they may see."""
        found = self._verified(token)
        if not isinstance(found, _Verified):
            return found
        with reading(self._workspace.engine) as connection:
            named = find_named(connection, found.claims)
            return Forgotten() if named is None else shown_reader(connection, named)

    def save(self, token: str, choices: Choices) -> Opened:
        """Takes over the choices; saving them twice is as good as once."""
        seals, now = self._workspace.seals, self._workspace.now()

        def act(connection: Connection, named: NamedReader) -> Reader:
            choose_topics(connection, named, choices, seals=seals, at=now)
            before = named.person
            after = replace(
                before, language=choices.language, format=choices.format or before.format
            )
            if after != before:
                subscribers.set_form(connection, after.id, after.language, after.format)
            return shown_reader(connection, replace(named, person=after))

        return self._changed(token, act)

    def pause(self, token: str, *, months: int) -> Opened:
        """Lets all that the person gets rest until the day of that month begins; saying it twice
        on a day is as good as once."""
        now, today = self._workspace.now(), self._workspace.today
        until = today.start_of(today.date_of(FromToday(months, DayUnit.MONTH)))

        def act(connection: Connection, named: NamedReader) -> Reader:
            pausing.pause(connection, named.person.id, until, at=now)
            return shown_reader(connection, named)

        return self._changed(token, act)

    def resume(self, token: str) -> Opened:
        """Lets all that rests go on."""
        now = self._workspace.now()

        def act(connection: Connection, named: NamedReader) -> Reader:
            pausing.resume(connection, named.person.id, at=now)
            return shown_reader(connection, named)

        return self._changed(token, act)

    def leave_all(self, token: str) -> Opened | Noted:
        """Leaves every topic; saying it twice is as good as once."""
        source, now = ConsentSource.PREFERENCES_PAGE, self._workspace.now()
        found = self._verified(token)
        if not isinstance(found, _Verified):
            return found

        def act(connection: Connection, named: NamedReader) -> Reader:
            leaving.leave_all(connection, named.person.id, source=source, actor=READER, at=now)
            return shown_reader(connection, named)

        try:
            return self._done(found, act, patience=PATIENCE)
        except NOT_TAKEN as error:
            leave = self._workspace.tokens.token(Purpose.UNSUBSCRIBE, handle=found.claims.handle)
            wish = SpooledDeparture(leave, everything=True, source=source, at=now)
            return note(self._spool, wish, error)

    def void_links(self, token: str) -> FreshLink | Forgotten | Voided | None:
        """Makes every link to the person's preferences void, this one too, and gives a new one.

        Links that lead to leaving, in mail of whatever age, go on working (T3).
        """
        now = self._workspace.now()

        def act(connection: Connection, named: NamedReader) -> FreshLink:
            handle = named.person.handle
            epoch = link_epochs.void_links(connection, named.person.id, at=now)
            tokens = self._workspace.tokens
            return FreshLink(tokens.token(Purpose.PREFERENCES, handle=handle, epoch=epoch))

        return self._changed(token, act)

    def _verified(self, token: str) -> _Verified | Voided | None:
        """Whether the token opens anything. Somebody of whom nothing is kept is taken to be in the
        first epoch.

        What is forged is told before a lock is taken: whoever posts garbage cannot keep the sender
        from its database.
        """
        tokens = self._workspace.tokens
        handle = tokens.claimed_handle(Purpose.PREFERENCES, token)
        if handle is None:
            return None
        with reading(self._workspace.engine) as connection:
            person = subscribers.by_handle(connection, handle)
        epoch = person.epoch if person else 0
        claims = tokens.read(Purpose.PREFERENCES, token, epoch=epoch)
        if claims is not None:
            return _Verified(claims, epoch)
        lately = range(max(0, epoch - _EPOCHS_REMEMBERED), epoch)
        was_ours = any(tokens.read(Purpose.PREFERENCES, token, epoch=old) for old in lately)
        return Voided() if was_ours else None

    def _changed(
        self, token: str, act: Callable[[Connection, NamedReader], _Done]
    ) -> _Done | Forgotten | Voided | None:
        """What `act` gives, done to the person whom the token names."""
        found = self._verified(token)
        return self._done(found, act) if isinstance(found, _Verified) else found

    def _done(
        self,
        found: _Verified,
        act: Callable[[Connection, NamedReader], _Done],
        *,
        patience: float | None = None,
    ) -> _Done | Forgotten | Voided:
        with changing(self._workspace, patience=patience) as connection:
            named = find_named(connection, found.claims)
            if named is None:
                return Forgotten()
            if named.person.epoch != found.epoch:  # another request was faster
                return Voided()
            return act(connection, named)
