"""The editions that are public: those of public topics, from when they began to be sent (T15)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Text, and_, cast, func, select

from newsletter.storage.schema import (
    edition_revisions,
    editions,
    snapshot_languages,
    snapshots,
    topics,
)


@dataclass(frozen=True, slots=True)
class PublicTopic:
    """A topic that everybody may know of, since `created_at`."""

    id: int
    slug: str
    names: Mapping[str, str]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PublishedEdition:
    """An edition that is public, and the snapshot and the revision that it was sent from; `names`
    are its topic's."""

    id: int
    slug: str
    topic: str
    names: Mapping[str, str]
    published_at: datetime
    snapshot_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class ViewedEdition:
    """What a link in a mail shows; `published` is None for an edition that is not public."""

    snapshot_id: int
    published: PublishedEdition | None


@dataclass(frozen=True, slots=True)
class PublishedWords:
    """What an edition is called: `forms` maps each of its languages, in its order, to the form that
    holds it (itself or `mul`); `subject` and `preheader` are as authors wrote them."""

    forms: Mapping[str, str]
    subject: Mapping[str, str]
    preheader: Mapping[str, str]


_NEWEST_FIRST = (editions.c.published_at.desc(), editions.c.id.desc())
_COLUMNS = (
    editions.c.id,
    editions.c.slug,
    topics.c.slug.label("topic"),
    topics.c.names,
    editions.c.published_at,
    snapshots.c.id.label("snapshot_id"),
    snapshots.c.revision,
)
_APPROVED = (
    select(*_COLUMNS)
    .join(topics, topics.c.id == editions.c.topic_id)
    .join(
        snapshots,
        and_(snapshots.c.edition_id == editions.c.id, snapshots.c.voided_at.is_(None)),
    )
)
_IS_PUBLIC = and_(editions.c.published_at.is_not(None), topics.c.private.is_(False))
_PUBLISHED = _APPROVED.where(_IS_PUBLIC)


def archive_state(connection: Connection) -> Hashable:
    """What differs from the one before whenever anything has changed in what is public: looked at
    by one short query, so that shelves need not be put together for every reader."""
    names = cast(topics.c.names, Text)
    shown = func.aggregate_strings(topics.c.slug.concat(names), ";")
    query = select(
        func.count(editions.c.published_at),
        func.max(editions.c.published_at),
        select(func.max(snapshots.c.id)).scalar_subquery(),
        select(shown).where(topics.c.private.is_(False)).scalar_subquery(),
    )
    return tuple(connection.execute(query).one())


def public_topics(connection: Connection) -> list[PublicTopic]:
    """Every topic that is not private, by slug."""
    query = select(topics).where(topics.c.private.is_(False)).order_by(topics.c.slug)
    return [_topic(row) for row in connection.execute(query)]


def public_topic(connection: Connection, slug: str) -> PublicTopic | None:
    """The topic of that slug; None when there is none or it is private, which nobody can tell."""
    query = select(topics).where(topics.c.slug == slug, topics.c.private.is_(False))
    row = connection.execute(query).first()
    return None if row is None else _topic(row)


def count_published(connection: Connection, topic: PublicTopic) -> int:
    """How many editions of the topic are public."""
    query = select(func.count()).where(
        editions.c.topic_id == topic.id, editions.c.published_at.is_not(None)
    )
    return connection.execute(query).scalar_one()


def newest_published(
    connection: Connection, topic: PublicTopic, *, skip: int, most: int
) -> list[PublishedEdition]:
    """The topic's public editions, the newest first: at most `most` after the first `skip`."""
    query = _PUBLISHED.where(topics.c.id == topic.id).order_by(*_NEWEST_FIRST)
    rows = connection.execute(query.offset(skip).limit(most))
    return [PublishedEdition(**row._mapping) for row in rows]


def newest_of_each_topic(
    connection: Connection, most: int
) -> dict[str, tuple[int, list[PublishedEdition]]]:
    """For each public topic that has any, by slug: how many editions are public, and the newest
    `most` of them."""
    place = func.row_number().over(partition_by=editions.c.topic_id, order_by=_NEWEST_FIRST)
    total = func.count().over(partition_by=editions.c.topic_id)
    ranked = _PUBLISHED.add_columns(place.label("place"), total.label("total")).subquery()
    query = select(ranked).where(ranked.c.place <= most).order_by(ranked.c.topic, ranked.c.place)
    found: dict[str, tuple[int, list[PublishedEdition]]] = {}
    for row in connection.execute(query):
        facts = dict(row._mapping)
        del facts["place"]
        number = facts.pop("total")
        found.setdefault(row.topic, (number, []))[1].append(PublishedEdition(**facts))
    return found


def find_published(connection: Connection, topic: str, slug: str) -> PublishedEdition | None:
    """The public edition of that slug in that topic, or None."""
    query = _PUBLISHED.where(editions.c.slug == slug, topics.c.slug == topic)
    row = connection.execute(query).first()
    return None if row is None else PublishedEdition(**row._mapping)


def find_viewed(connection: Connection, public_id: int) -> ViewedEdition | None:
    """The approved edition that a token names, or None."""
    query = _APPROVED.add_columns(_IS_PUBLIC.label("is_public"))
    row = connection.execute(query.where(editions.c.public_id == public_id)).first()
    if row is None:
        return None
    facts = dict(row._mapping)
    is_public = facts.pop("is_public")
    return ViewedEdition(row.snapshot_id, PublishedEdition(**facts) if is_public else None)


def words_of(connection: Connection, shown: PublishedEdition) -> PublishedWords:
    """What the edition is called, and which languages it can be read in."""
    query = select(edition_revisions.c.content).where(
        edition_revisions.c.edition_id == shown.id, edition_revisions.c.number == shown.revision
    )
    content: Mapping[str, Any] = connection.execute(query).scalar_one()
    return PublishedWords(
        forms_by_language(connection, shown.snapshot_id), content["subject"], content["preheader"]
    )


def forms_by_language(connection: Connection, snapshot_id: int) -> dict[str, str]:
    """Each language that the snapshot can be read in, in the edition's order, and the form that
    holds it: itself, or `mul`."""
    forms = snapshot_languages
    query = (
        select(forms.c.language, forms.c.message["languages"])
        .where(forms.c.snapshot_id == snapshot_id, forms.c.variant == "")
        .order_by(forms.c.position)
    )
    return {
        language: form for form, languages in connection.execute(query) for language in languages
    }


def shown_html(connection: Connection, snapshot_id: int, form: str) -> Sequence[Any]:
    """The JSON of the page's pieces that everyone gets in that form."""
    page: Sequence[Any] = _of_form(connection, snapshot_id, form, snapshot_languages.c.html)
    return page


def shown_text(connection: Connection, snapshot_id: int, form: str) -> Mapping[str, Any]:
    """The JSON of the plain text's body that everyone gets in that form."""
    text = snapshot_languages.c.message["text"]
    body: Mapping[str, Any] = _of_form(connection, snapshot_id, form, text)
    return body


def _of_form(connection: Connection, snapshot_id: int, form: str, column: Any) -> Any:  # noqa: ANN401 - JSON
    query = select(column).where(
        snapshot_languages.c.snapshot_id == snapshot_id,
        snapshot_languages.c.language == form,
        snapshot_languages.c.variant == "",
    )
    return connection.execute(query).scalar_one()


def _topic(row: Row[Any]) -> PublicTopic:
    return PublicTopic(row.id, row.slug, row.names, row.created_at)
