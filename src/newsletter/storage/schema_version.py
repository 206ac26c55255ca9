"""How a database's schema stands to the one that this program needs.

A revision is called what its file is called (`0001_subscribers`), and the numbers give the order,
so how a database stands can be told without loading a single migration, nor what runs them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from newsletter.domain.errors import SchemaMismatch
from newsletter.resources import migrations_folder
from newsletter.storage.engine import reading
from newsletter.storage.whereabouts import whereabouts

_REVISION = "SELECT version_num FROM alembic_version"


class Standing(StrEnum):
    """How a database's schema stands to the one that this program needs."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class SchemaState:
    """A database's revision (None when it is empty) beside the newest that the program knows."""

    standing: Standing
    revision: str | None
    newest: str


def revisions() -> list[str]:
    """The names of all migrations, the first one first."""
    return sorted(file.stem for file in migrations_folder().glob("[0-9]*.py"))


@cache
def _newest() -> str:
    return revisions()[-1]


def check(engine: Engine) -> SchemaState:
    """How the database stands. Changes nothing, and does not make a file that is not there.

    Raises SurroundingsFailed, which says what to do, when a server has no such database.
    """
    if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists():
        return schema_state(None)
    with reading(engine) as connection:
        return schema_state(current_revision(connection))


def require_current(engine: Engine) -> None:
    """Raises SchemaMismatch, which names the way out, unless the database is of this program."""
    state = check(engine)
    if state.standing is not Standing.CURRENT:
        raise mismatch(state, whereabouts(engine.url))


def require_current_here(connection: Connection) -> None:
    """The same by one question of the transaction that is under way, for whoever has been running
    since before the database was upgraded."""
    try:
        revision = connection.exec_driver_sql(_REVISION).scalar()
    except DBAPIError:  # there is no such table
        revision = None
    if revision != _newest():
        raise mismatch(schema_state(revision), whereabouts(connection.engine.url))


def current_revision(connection: Connection) -> str | None:
    """The revision that the database says it is at; None when it says nothing."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text(_REVISION)).scalar()


def schema_state(revision: str | None) -> SchemaState:
    """How a database at `revision` stands to the migrations that the program has."""
    known = revisions()
    if revision is None:
        standing = Standing.EMPTY
    elif revision not in known:
        standing = Standing.NEWER
    else:
        standing = Standing.CURRENT if revision == known[-1] else Standing.OLDER
    return SchemaState(standing, revision, known[-1])


def mismatch(state: SchemaState, where: str) -> SchemaMismatch:
    """The error for a database that is not of this program's version; names the way out."""
    if state.standing is Standing.NEWER:
        return SchemaMismatch(
            f"the database was made by a newer program (it is at {state.revision},"
            f" this program knows up to {state.newest})",
            where=where,
            cure="Upgrade the newsletter program on this machine.",
        )
    if state.standing is Standing.EMPTY:
        what = "the database has no tables yet"
    else:
        what = f"the database is older than the program ({state.revision}, not {state.newest})"
    return SchemaMismatch(what, where=where, cure="Run `newsletter db upgrade`.")
