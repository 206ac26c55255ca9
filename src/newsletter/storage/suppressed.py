"""Which subscribers are suppressed, by their own address or with their whole domain."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from newsletter.storage.schema import subscribers, suppressions
from newsletter.storage.text_functions import at_domain


def is_suppressed() -> ColumnElement[bool]:
    """Whether the subscriber of a row, in a statement that has one, is suppressed.

    Erased people need no look: they have no row.
    """
    return or_(
        subscribers.c.canonical.in_(select(suppressions.c.target)),
        at_domain(subscribers.c.canonical).in_(
            # Only the domains, so that a database keeps them at hand for all rows.
            select(suppressions.c.target).where(suppressions.c.target.like("@%"))
        ),
    )
