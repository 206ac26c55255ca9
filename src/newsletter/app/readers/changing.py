"""Changing something for a reader who waits at a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from newsletter.app.workspace import Workspace
from newsletter.storage.engine import writing
from newsletter.storage.schema_version import require_current_here

PATIENCE = 2.0
"""Seconds. While the database is locked, whoever waits keeps a thread from others, from those who
leave, too; the page then says when to come again."""


@contextmanager
def changing(workspace: Workspace, *, patience: float | None = None) -> Iterator[Connection]:
    """A transaction that may change the database, of a program that may have been running since
    before that was upgraded.

    Raises DatabaseBusy after `patience` seconds, SchemaMismatch when the database is not of this
    program's version.
    """
    with writing(workspace.engine, patience=patience or PATIENCE) as connection:
        require_current_here(connection)
        yield connection
