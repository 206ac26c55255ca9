"""The reader's desk: what the public pages ask for and what they may change.

Every call begins with a token and knows nobody else than the person it names; a token that is
garbled, foreign or of somebody erased gives None, always the same way (T7).
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Collection

from sqlalchemy import Connection

from newsletter.app.workspace import Workspace
from newsletter.audience import joining, leaving, subscribers
from newsletter.audience.grounds import Grounds
from newsletter.audience.suppressions import find_suppression
from newsletter.audience.topics import all_topics, topic_by_public_id
from newsletter.dispatch.personal_messages import INERT_TOKENS, Addressee, slot_values
from newsletter.domain.errors import SurroundingsFailed
from newsletter.domain.people import Basis, Subscriber, SubscriptionStatus, Topic
from newsletter.domain.readers import Media, Reader, ReaderTopic
from newsletter.editions import snapshots, store
from newsletter.i18n import strings
from newsletter.mail.addresses import mask
from newsletter.mail.slots import fill_html, pieces_from_json
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema_version import require_current
from newsletter.tokens.tokens import Purpose, Tokens

_MEDIA_NAME = re.compile(r"[0-9a-f]{32}\.(png|jpg|gif)")
_READER = "reader"


class ReadersDesk:
    """Answers the public pages from one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @property
    def _tokens(self) -> Tokens:
        return self._workspace.tokens

    def reader(self, purpose: Purpose, token: str) -> Reader | None:
        """The person whom the token names, as far as its purpose lets one see."""
        with reading(self._workspace.engine) as connection:
            found = self._find(connection, purpose, token)
            return None if found is None else self._shown(connection, purpose, *found)

    def leave(self, token: str, *, one_click: bool) -> Reader | None:
        """Leaves the token's topic and no other (T8); saying it twice is as good as once (T7)."""
        source = "one-click unsubscribe" if one_click else "unsubscribe page"
        with writing(self._workspace.engine) as connection:
            found = self._find(connection, Purpose.UNSUBSCRIBE, token)
            if found is None:
                return None
            person, topic = found
            if topic is not None:
                leaving.leave(
                    connection,
                    person.id,
                    topic.id,
                    source=source,
                    actor=_READER,
                    at=self._workspace.now(),
                )
            return self._shown(connection, Purpose.UNSUBSCRIBE, person, topic)

    def leave_all(self, token: str) -> Reader | None:
        """Leaves every topic; both an unsubscribe and a preferences token may do that."""
        with writing(self._workspace.engine) as connection:
            for purpose in (Purpose.UNSUBSCRIBE, Purpose.PREFERENCES):
                found = self._find(connection, purpose, token)
                if found is not None:
                    leaving.leave_all(
                        connection,
                        found[0].id,
                        source=f"{purpose} page, everything",
                        actor=_READER,
                        at=self._workspace.now(),
                    )
                    return self._shown(connection, purpose, *found)
        return None

    def save(self, token: str, *, topics: Collection[str], language: str) -> Reader | None:
        """Sets the language and makes exactly `topics` of those the page shows subscribed."""
        with writing(self._workspace.engine) as connection:
            found = self._find(connection, Purpose.PREFERENCES, token)
            if found is None:
                return None
            person, topic = found
            for one in self._visible_topics(connection, person):
                self._set_topic(connection, person, one, wanted=one.slug in topics)
            if language in self._workspace.settings.site.languages:
                subscribers.set_language(connection, person.id, language)
            person = subscribers.by_handle(connection, person.handle) or person
            return self._shown(connection, Purpose.PREFERENCES, person, topic)

    def page(self, token: str, language: str) -> str | None:
        """The edition's page in `language`, the same for all readers; its links open nothing."""
        claims = self._tokens.read(Purpose.VIEW, token)
        if claims is None:
            return None
        with reading(self._workspace.engine) as connection:
            stored = store.edition_by_public_id(connection, claims.edition)
            snapshot = None if stored is None else snapshots.current(connection, stored)
        if stored is None or snapshot is None or language not in snapshot.pages:
            return None
        names = self._workspace.mail_names
        nobody = Addressee(strings("email", language)["a_subscriber"], "", language)
        values = slot_values(nobody, INERT_TOKENS, names, tuple(snapshot.pages))
        own = {key: value.replace(INERT_TOKENS.view, token) for key, value in values.items()}
        return fill_html(pieces_from_json(snapshot.pages[language]), own)

    def media(self, name: str) -> Media | None:
        """A published image; None for any name that is not exactly one of ours."""
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

    def _find(
        self, connection: Connection, purpose: Purpose, token: str
    ) -> tuple[Subscriber, Topic | None] | None:
        claims = self._tokens.read(purpose, token)
        if claims is None:
            return None
        person = subscribers.by_handle(connection, claims.handle)
        if person is None:
            return None
        return person, topic_by_public_id(connection, claims.topic)

    def _shown(
        self, connection: Connection, purpose: Purpose, person: Subscriber, topic: Topic | None
    ) -> Reader:
        visible = self._visible_topics(connection, person)
        if purpose is not Purpose.PREFERENCES:
            visible = [one for one in visible if topic is not None and one.id == topic.id]
        return Reader(
            masked_address=mask(person.address),
            language=person.language,
            topic=topic.slug if topic else None,
            topics=tuple(self._reader_topic(connection, person, one) for one in visible),
        )

    def _visible_topics(self, connection: Connection, person: Subscriber) -> list[Topic]:
        # A private topic is shown to those who ever had it, and cannot be joined by guessing (T15).
        had = {one.topic for one in subscribers.subscriptions_of(connection, person.id)}
        return [one for one in all_topics(connection) if not one.private or one.slug in had]

    def _reader_topic(
        self, connection: Connection, person: Subscriber, topic: Topic
    ) -> ReaderTopic:
        subscription = next(
            (
                one
                for one in subscribers.subscriptions_of(connection, person.id)
                if one.topic == topic.slug
            ),
            None,
        )
        began = [
            one
            for one in subscribers.consents_of(connection, person.id)
            if one.topic == topic.slug and one.status is SubscriptionStatus.ACTIVE
        ]
        return ReaderTopic(
            slug=topic.slug,
            names=topic.names,
            subscribed=subscription is not None
            and subscription.status is SubscriptionStatus.ACTIVE,
            since=subscription.since if subscription else None,
            basis=subscription.basis if subscription else None,
            source=began[-1].source if began else None,
        )

    def _set_topic(
        self, connection: Connection, person: Subscriber, topic: Topic, *, wanted: bool
    ) -> None:
        now = self._workspace.now()
        source = "preferences page"
        is_suppressed = find_suppression(connection, person.canonical) is not None
        if wanted and not is_suppressed:
            grounds = Grounds(Basis.CONSENT, source, "", _READER, now)
            joining.join(connection, person, topic, grounds)
        elif not wanted:
            leaving.leave(connection, person.id, topic.id, source=source, actor=_READER, at=now)
