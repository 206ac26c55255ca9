"""Which subscribers are suppressed, by their own address or with their whole domain.

One rule in two shapes, for a statement that has `subscribers` in it. Erased people need no look:
they have no row.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, select

from newsletter.storage.schema import subscribers, suppressions
from newsletter.storage.text_functions import at_domain


def is_suppressed() -> ColumnElement[bool]:
    """Whether the subscriber of a row is suppressed: looked up for each row, for a few of them."""
    address = subscribers.c.canonical
    return exists().where(suppressions.c.target.in_((address, at_domain(address))))


def is_suppressed_among_many() -> ColumnElement[bool]:
    """The same for all rows of a long list: the suppressions are gone through once, before it."""
    listed = subscribers.alias()
    # From the suppressions to the people: SQLite goes through what is named first.
    people = (
        select(listed.c.id)
        .select_from(suppressions)
        .join(listed, listed.c.canonical == suppressions.c.target)
    )
    domains = select(suppressions.c.target).where(suppressions.c.target.like("@%"))
    return or_(
        subscribers.c.id.in_(people),
        # Asked first whether there are any, which is rare: it is nothing for each of the rows.
        and_(domains.exists(), at_domain(subscribers.c.canonical).in_(domains)),
    )
