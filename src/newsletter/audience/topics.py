"""The topics that people subscribe to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from newsletter.domain.editions import SLUG, EditionState
from newsletter.domain.errors import BadInput, Refused
from newsletter.domain.languages import is_language_tag
from newsletter.domain.people import Topic
from newsletter.mail.header_rules import check_header_text
from newsletter.storage import audit
from newsletter.storage.schema import consents, editions, topics
from newsletter.tokens.random_ids import new_public_id

_LONGEST_NAME = 200
_ALL = select(topics).order_by(topics.c.slug)
_BY_PUBLIC_ID = select(topics).where(topics.c.public_id == bindparam("public_id"))


def add_topic(
    connection: Connection,
    slug: str,
    *,
    names: Mapping[str, str],
    private: bool,
    actor: str,
    now: datetime,
) -> Topic:
    """A new topic; `names` maps a language to what readers see.

    Raises BadInput for a slug or a name that cannot be used, Refused when the slug is taken.
    """
    _check(slug, names)
    if find_topic(connection, slug) is not None:
        raise Refused(
            f"there is a topic {slug} already",
            cure="See the topics with `newsletter topics list`.",
        )
    connection.execute(
        insert(topics).values(
            public_id=new_public_id(),
            slug=slug,
            names={language: name.strip() for language, name in names.items()},
            private=private,
            created_at=now,
        )
    )
    detail = "private" if private else "public"
    audit.record(connection, actor=actor, action="topics add", subject=slug, detail=detail, at=now)
    return topic(connection, slug)


def adopt_topic(connection: Connection, wanted: Topic, created_at: datetime) -> Topic:
    """The topic of another database of ours, under its id, which links in mail that is out name.

    A topic of the same slug that nobody ever had takes the id over. Raises BadInput when somebody
    had, or another topic has the id: links would lead to the wrong topic.
    """
    there = find_topic(connection, wanted.slug)
    if there is not None and there.public_id == wanted.public_id:
        return there
    if topic_by_public_id(connection, wanted.public_id) is not None or (
        there is not None and _is_in_use(connection, there)
    ):
        raise BadInput(
            f"topic {wanted.slug} is another one here than in the list, and people have had it",
            cure="Import into a new database, so that links in old mail lead to their own topic.",
        )
    _check(wanted.slug, wanted.names)
    values = {
        "public_id": wanted.public_id,
        "names": dict(wanted.names),
        "private": wanted.private,
        "created_at": created_at,
    }
    if there is None:
        connection.execute(insert(topics).values(slug=wanted.slug, **values))
    else:
        connection.execute(update(topics).where(topics.c.id == there.id).values(**values))
    return topic(connection, wanted.slug)


def find_topic(connection: Connection, slug: str) -> Topic | None:
    """The topic called `slug`, or None."""
    row = connection.execute(select(topics).where(topics.c.slug == slug)).first()
    return None if row is None else _topic(row)


def topic(connection: Connection, slug: str) -> Topic:
    """The topic called `slug`; raises BadInput, which names the topics there are, when none is."""
    found = find_topic(connection, slug)
    if found is None:
        known = ", ".join(one.slug for one in all_topics(connection))
        raise BadInput(
            f"no topic {slug}",
            cure=f"The topics are: {known}." if known else "Add one with `newsletter topics add`.",
        )
    return found


def topic_by_public_id(connection: Connection, public_id: int) -> Topic | None:
    """The topic that a token names, or None."""
    row = connection.execute(_BY_PUBLIC_ID, {"public_id": public_id}).first()
    return None if row is None else _topic(row)


def all_topics(connection: Connection) -> list[Topic]:
    """Every topic, by slug."""
    return [_topic(row) for row in connection.execute(_ALL)]


def _is_in_use(connection: Connection, its_topic: Topic) -> bool:
    """Whether anybody ever had it, or an edition of it was more than a draft."""
    ever = select(consents.c.id).where(consents.c.topic_id == its_topic.id)
    sent = select(editions.c.id).where(
        editions.c.topic_id == its_topic.id, editions.c.state != EditionState.DRAFT
    )
    return any(connection.execute(query.limit(1)).first() for query in (ever, sent))


def _check(slug: str, names: Mapping[str, str]) -> None:
    if SLUG.fullmatch(slug) is None:
        raise BadInput(
            f'"{slug}" cannot be a topic\'s slug',
            cure="Use small letters, digits and hyphens, such as `monthly-bulletin`.",
        )
    if not names:
        raise BadInput(
            f"topic {slug} has no name", cure='Name it for its readers: `--name en="Bulletin"`.'
        )
    for language, name in names.items():
        _check_name(slug, language, name)


def _check_name(slug: str, language: str, name: str) -> None:
    if not is_language_tag(language):
        raise BadInput(f'"{language}" is not a language tag', cure="Write it like `cy` or `en-GB`.")
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise BadInput(
            f"the {language} name of topic {slug} is {'too long' if name.strip() else 'empty'}",
            cure=f"Give it a name of 1 to {_LONGEST_NAME} characters.",
        )
    check_header_text(f"the {language} name of topic {slug}", name)  # it stands in List-ID (M12)


def _topic(row: Row[tuple[object, ...]]) -> Topic:
    data = row._mapping
    return Topic(
        id=data["id"],
        public_id=data["public_id"],
        slug=data["slug"],
        names=data["names"],
        private=data["private"],
    )
