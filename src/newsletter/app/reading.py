"""The reader's desk: what the public pages ask for and what they may change.

Every call begins with a token, which is looked at before the database is, and knows nobody else
than the person it names. A token that is garbled or foreign gives None, always the same way; one
of ours whose person is no longer kept gives Forgotten, so that old links still answer (T7).
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from newsletter.app.workspace import Workspace
from newsletter.audience import joining, leaving, subscribers
from newsletter.audience.grounds import Grounds
from newsletter.audience.topics import all_topics
from newsletter.dispatch.personal_messages import INERT_TOKENS, Addressee, slot_values
from newsletter.domain.compiled import STACKED
from newsletter.domain.errors import Refused, SurroundingsFailed
from newsletter.domain.people import (
    READER,
    Basis,
    ConsentSource,
    Subscriber,
    Subscription,
    SubscriptionStatus,
    Topic,
)
from newsletter.domain.readers import Forgotten, Media, Reader, ReaderTopic
from newsletter.editions import snapshots, store
from newsletter.i18n import strings
from newsletter.mail.addresses import mask
from newsletter.mail.slots import fill_html, pieces_from_json
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema_version import require_current
from newsletter.tokens.tokens import Purpose, TokenClaims, Tokens

_MEDIA_NAME = re.compile(r"[0-9a-f]{32}\.(png|jpg|gif|ics)")
_PAGES = {
    Purpose.UNSUBSCRIBE: ConsentSource.UNSUBSCRIBE_PAGE,
    Purpose.PREFERENCES: ConsentSource.PREFERENCES_PAGE,
}
"""What the consent ledger calls the page that a token opens."""


@dataclass(frozen=True, slots=True)
class _Named:
    """Whom a token names: the person, the token's own topic if it still is one, and all topics."""

    person: Subscriber
    topic: Topic | None
    topics: Sequence[Topic]


class ReadersDesk:
    """Answers the public pages from one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @property
    def _tokens(self) -> Tokens:
        return self._workspace.tokens

    def reader(self, purpose: Purpose, token: str) -> Reader | Forgotten | None:
        """The person whom the token names, as far as its purpose lets one see."""
        claims = self._tokens.read(purpose, token)
        if claims is None:
            return None
        with reading(self._workspace.engine) as connection:
            named = _find(connection, claims)
            return _shown(connection, purpose, named)

    def leave(self, token: str, *, one_click: bool) -> Reader | Forgotten | None:
        """Leaves the token's topic and no other (T8); saying it twice is as good as once (T7)."""
        claims = self._tokens.read(Purpose.UNSUBSCRIBE, token)
        if claims is None:
            return None
        source = ConsentSource.ONE_CLICK if one_click else ConsentSource.UNSUBSCRIBE_PAGE
        with writing(self._workspace.engine) as connection:
            named = _find(connection, claims)
            if named is not None and named.topic is not None:
                self._leave(connection, named.person, named.topic, source)
        # What the page shows is read when nobody waits for this any more.
        with reading(self._workspace.engine) as connection:
            return _shown(connection, Purpose.UNSUBSCRIBE, named)

    def leave_all(self, purpose: Purpose, token: str) -> Reader | Forgotten | None:
        """Leaves every topic, by an unsubscribe or a preferences token."""
        claims = self._tokens.read(purpose, token)
        if claims is None:
            return None
        with writing(self._workspace.engine) as connection:
            named = _find(connection, claims)
            if named is not None:
                leaving.leave_all(
                    connection,
                    named.person.id,
                    source=_PAGES[purpose],
                    actor=READER,
                    at=self._workspace.now(),
                )
            return _shown(connection, purpose, named)

    def save(
        self, token: str, *, topics: Collection[str], language: str
    ) -> Reader | Forgotten | None:
        """Sets the language and makes exactly `topics` of those the page shows subscribed."""
        claims = self._tokens.read(Purpose.PREFERENCES, token)
        if claims is None:
            return None
        with writing(self._workspace.engine) as connection:
            named = _find(connection, claims)
            if named is None:
                return Forgotten()
            self._set_topics(connection, named, topics)
            if language in self._workspace.settings.site.languages:
                subscribers.set_language(connection, named.person.id, language)
                named = replace(named, person=replace(named.person, language=language))
            return _shown(connection, Purpose.PREFERENCES, named)

    def page(self, token: str, language: str) -> str | None:
        """The edition's page in `language`, the same for all readers; but for the way to itself
        and its twins, its links open nothing."""
        claims = self._tokens.read(Purpose.VIEW, token)
        if claims is None:
            return None
        with reading(self._workspace.engine) as connection:
            stored = store.edition_by_public_id(connection, claims.edition)
            snapshot = None if stored is None else snapshots.current(connection, stored)
        if stored is None or snapshot is None:
            return None
        page = snapshot.pages.get(language) or snapshot.pages.get(STACKED)
        if page is None:
            return None
        nobody = Addressee(strings("email", language)["a_subscriber"], "")
        values = slot_values(nobody, replace(INERT_TOKENS.links, view=token))
        return fill_html(pieces_from_json(page), values)

    def media(self, name: str) -> Media | None:
        """A published file; None for any name that is not exactly one of ours."""
        if _MEDIA_NAME.fullmatch(name) is None:
            return None
        file = self._workspace.media_folder / name
        if not file.is_file():
            return None
        media_type, _ = mimetypes.guess_type(name)
        return Media(file.read_bytes(), media_type or "application/octet-stream")

    def is_ready(self) -> bool:
        """Whether the database answers and is of this program's version."""
        try:
            require_current(self._workspace.engine)
        except SurroundingsFailed:
            return False
        return True

    def _set_topics(self, connection: Connection, named: _Named, wanted: Collection[str]) -> None:
        had = subscribers.subscriptions_of(connection, named.person.id)
        gets = {one.topic for one in had if _is_subscribed(one)}
        visible = _visible(named.topics, had)
        for topic in visible:
            if topic.slug in gets and topic.slug not in wanted:
                self._leave(connection, named.person, topic, ConsentSource.PREFERENCES_PAGE)
        new = [one for one in visible if one.slug in wanted and one.slug not in gets]
        self._join(connection, named.person, new)

    def _join(self, connection: Connection, person: Subscriber, topics: Sequence[Topic]) -> None:
        page, now = ConsentSource.PREFERENCES_PAGE, self._workspace.now()
        grounds = Grounds(Basis.CONSENT, page, None, READER, now)
        for topic in topics:
            try:
                joining.join(connection, person, topic, grounds, seals=self._workspace.seals)
            except Refused:  # suppressed: for every topic alike, and the page says so
                return

    def _leave(
        self, connection: Connection, person: Subscriber, topic: Topic, source: ConsentSource
    ) -> None:
        now = self._workspace.now()
        leaving.leave(connection, person.id, topic.id, source=source, actor=READER, at=now)


def _find(connection: Connection, claims: TokenClaims) -> _Named | None:
    person = subscribers.by_handle(connection, claims.handle)
    if person is None:
        return None
    topics = all_topics(connection)
    own = next((one for one in topics if one.public_id == claims.topic), None)
    return _Named(person, own, topics)


def _shown(connection: Connection, purpose: Purpose, named: _Named | None) -> Reader | Forgotten:
    if named is None:
        return Forgotten()
    had = {one.topic: one for one in subscribers.subscriptions_of(connection, named.person.id)}
    sources = {
        one.topic: one.source
        for one in subscribers.consents_of(connection, named.person.id)
        if one.status is SubscriptionStatus.ACTIVE
        and not one.source.startswith(ConsentSource.IMPORT_UNDONE)  # it tells of what was before
    }
    visible = _visible(named.topics, had.values())
    if purpose is not Purpose.PREFERENCES:
        visible = [one for one in visible if one == named.topic]
    return Reader(
        masked_address=mask(named.person.address),
        language=named.person.language,
        topic=named.topic.slug if named.topic else None,
        topics=tuple(
            _reader_topic(one, had.get(one.slug), sources.get(one.slug)) for one in visible
        ),
    )


def _visible(topics: Sequence[Topic], had: Collection[Subscription]) -> list[Topic]:
    # A private topic is shown to those who ever had it, and cannot be joined by guessing (T15).
    ever = {one.topic for one in had}
    return [one for one in topics if not one.private or one.slug in ever]


def _reader_topic(
    topic: Topic, subscription: Subscription | None, source: str | None
) -> ReaderTopic:
    return ReaderTopic(
        slug=topic.slug,
        names=topic.names,
        subscribed=subscription is not None and _is_subscribed(subscription),
        since=subscription.since if subscription else None,
        basis=subscription.basis if subscription else None,
        source=source,
    )


def _is_subscribed(subscription: Subscription) -> bool:
    # Who waits for confirmation, or pauses, has not left: they must still find the way out.
    return subscription.status is not SubscriptionStatus.UNSUBSCRIBED
