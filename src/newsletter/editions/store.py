"""The editions in the database: rows, revisions and images."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from newsletter.domain.editions import EditionContent, EditionState, HeldReason
from newsletter.domain.errors import BadInput
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions.content_json import content_digest, content_from_json, content_to_json
from newsletter.editions.lifecycle import WAYS, Step, check_step
from newsletter.storage.schema import edition_revisions, editions, images, revision_images, topics
from newsletter.storage.upserts import upsert
from newsletter.tokens.random_ids import new_public_id


@dataclass(frozen=True, slots=True)
class Source:
    """The file that an edition was imported from: its path and the SHA-256 of its bytes."""

    file: str
    digest: str


_EDITION = select(editions, topics.c.slug.label("topic")).join(
    topics, topics.c.id == editions.c.topic_id
)


def find_edition(connection: Connection, slug: str) -> StoredEdition | None:
    """The edition called `slug`, or None."""
    row = connection.execute(_EDITION.where(editions.c.slug == slug)).first()
    return None if row is None else _stored(row)


def edition(connection: Connection, slug: str) -> StoredEdition:
    """The edition called `slug`; raises BadInput when there is none."""
    found = find_edition(connection, slug)
    if found is None:
        raise BadInput(
            f"no edition {slug}",
            cure="See them with `newsletter edition list`; bring one in with"
            " `newsletter edition import FILE`.",
        )
    return found


def edition_by_id(connection: Connection, edition_id: int) -> StoredEdition:
    """The edition of that row, which must be there."""
    return _stored(connection.execute(_EDITION.where(editions.c.id == edition_id)).one())


def edition_by_public_id(connection: Connection, public_id: int) -> StoredEdition | None:
    """The edition that a token names, or None."""
    row = connection.execute(_EDITION.where(editions.c.public_id == public_id)).first()
    return None if row is None else _stored(row)


def all_editions(connection: Connection) -> list[StoredEdition]:
    """Every edition, the newest last."""
    return [_stored(row) for row in connection.execute(_EDITION.order_by(editions.c.id))]


def editions_in(connection: Connection, states: Sequence[EditionState]) -> list[StoredEdition]:
    """The editions in any of `states`, in the order in which they are due."""
    query = _EDITION.where(editions.c.state.in_(states)).order_by(
        editions.c.scheduled_at, editions.c.id
    )
    return [_stored(row) for row in connection.execute(query)]


def revision_digest(connection: Connection, stored: StoredEdition) -> str:
    """The digest of the newest revision's content and images."""
    query = select(edition_revisions.c.digest).where(*_newest(stored))
    digest: str = connection.execute(query).scalar_one()
    return digest


def content(connection: Connection, stored: StoredEdition) -> EditionContent:
    """What the newest revision says."""
    query = select(edition_revisions.c.content).where(*_newest(stored))
    return content_from_json(connection.execute(query).scalar_one())


def all_revisions(connection: Connection, stored: StoredEdition) -> list[EditionContent]:
    """What every revision said, the first one first."""
    query = (
        select(edition_revisions.c.content)
        .where(edition_revisions.c.edition_id == stored.id)
        .order_by(edition_revisions.c.number)
    )
    return [content_from_json(data) for data in connection.execute(query).scalars()]


def revision_image_bytes(connection: Connection, stored: StoredEdition) -> dict[str, bytes]:
    """The images of the newest revision, by the `src` that names them."""
    query = (
        select(revision_images.c.src, images.c.content)
        .join(images, images.c.digest == revision_images.c.digest)
        .where(
            revision_images.c.edition_id == stored.id,
            revision_images.c.revision == stored.revision,
        )
    )
    return {row.src: row.content for row in connection.execute(query)}


def create(
    connection: Connection, written: EditionContent, topic_id: int, source: Source, now: datetime
) -> StoredEdition:
    """A new edition, a draft without any revision yet."""
    connection.execute(
        insert(editions).values(
            public_id=new_public_id(),
            slug=written.slug,
            topic_id=topic_id,
            state=EditionState.DRAFT,
            revision=0,
            source_file=source.file,
            source_digest=source.digest,
            created_at=now,
        )
    )
    return edition(connection, written.slug)


def add_revision(
    connection: Connection,
    stored: StoredEdition,
    written: EditionContent,
    pictures: Mapping[str, bytes],
    *,
    actor: str,
    now: datetime,
) -> int:
    """Adds the next revision and gives its number."""
    number = stored.revision + 1
    digests = {src: hashlib.sha256(data).hexdigest() for src, data in pictures.items()}
    connection.execute(
        insert(edition_revisions).values(
            edition_id=stored.id,
            number=number,
            content=content_to_json(written),
            digest=content_digest(written, digests),
            actor=actor,
            at=now,
        )
    )
    for src, data in pictures.items():
        connection.execute(
            upsert(connection, images)
            .values(digest=digests[src], content=data)
            .on_conflict_do_nothing()
        )
        connection.execute(
            insert(revision_images).values(
                edition_id=stored.id, revision=number, src=src, digest=digests[src]
            )
        )
    _set(connection, stored, revision=number)
    return number


def set_source(
    connection: Connection, stored: StoredEdition, topic_id: int, source: Source
) -> None:
    """Records which file the edition now stands for, and its topic."""
    _set(
        connection,
        stored,
        topic_id=topic_id,
        source_file=source.file,
        source_digest=source.digest,
    )


def take_step(connection: Connection, stored: StoredEdition, step: Step, at: datetime) -> None:
    """Moves the edition on; raises Refused when the lifecycle does not allow it.

    It is public from when it begins to be sent, until what went to the outbox alone is undone.
    """
    check_step(step, stored.slug, stored.state)
    to = WAYS[step].to or stored.held_from or EditionState.SENDING
    _set(connection, stored, state=to, held_reason=None, held_from=None)
    if step in (Step.START, Step.RESET):
        _set(connection, stored, published_at=at if step is Step.START else None)


def hold(connection: Connection, stored: StoredEdition, reason: HeldReason) -> None:
    """Holds the edition for a person, remembering where it was."""
    check_step(Step.HOLD, stored.slug, stored.state)
    _set(
        connection,
        stored,
        state=EditionState.HELD,
        held_reason=reason,
        held_from=stored.state,
    )


def change_hold(connection: Connection, stored: StoredEdition, reason: HeldReason) -> None:
    """Gives an edition that is held already another reason; it goes back to where it came from."""
    _set(connection, stored, held_reason=reason)


def set_schedule(
    connection: Connection, stored: StoredEdition, at: datetime | None, zone: str | None
) -> None:
    """Sets or clears the time at which the edition is due."""
    _set(connection, stored, scheduled_at=at, scheduled_zone=zone)


def set_released(connection: Connection, stored: StoredEdition, at: datetime) -> None:
    """Records that a person let the edition go on: no lateness counts from before."""
    _set(connection, stored, released_at=at)


def overrule(connection: Connection, stored: StoredEdition, reason: HeldReason) -> None:
    """Records that a person lets the edition go on in spite of `reason`, which holds it no more."""
    reasons = sorted({*stored.overruled, reason})
    _set(connection, stored, overruled=",".join(reasons))


def _set(connection: Connection, stored: StoredEdition, **values: object) -> None:
    connection.execute(update(editions).where(editions.c.id == stored.id).values(**values))


def _newest(stored: StoredEdition) -> tuple[ColumnElement[bool], ...]:
    return (
        edition_revisions.c.edition_id == stored.id,
        edition_revisions.c.number == stored.revision,
    )


def _stored(row: Row[tuple[object, ...]]) -> StoredEdition:
    data = row._mapping
    return StoredEdition(
        id=data["id"],
        public_id=data["public_id"],
        slug=data["slug"],
        topic=data["topic"],
        state=EditionState(data["state"]),
        held_reason=HeldReason(data["held_reason"]) if data["held_reason"] else None,
        held_from=EditionState(data["held_from"]) if data["held_from"] else None,
        revision=data["revision"],
        source_file=data["source_file"],
        source_digest=data["source_digest"],
        scheduled_at=data["scheduled_at"],
        scheduled_zone=data["scheduled_zone"],
        released_at=data["released_at"],
        attempted_at=data["attempted_at"],
        published_at=data["published_at"],
        overruled=frozenset(map(HeldReason, filter(None, (data["overruled"] or "").split(",")))),
    )
