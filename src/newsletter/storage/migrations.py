"""The runner of the migrations: Alembic without an alembic.ini.

A revision is called what its file is called (`0001_subscribers`), and the numbers give the order,
so how a database stands can be told without loading a single migration.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, inspect, text

from newsletter.domain.errors import SchemaMismatch
from newsletter.resources import migrations_folder
from newsletter.storage.engine import database_file, reading, writing


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


def check(engine: Engine) -> SchemaState:
    """How the database stands. Changes nothing, and does not make a file that is not there."""
    if not database_file(engine).exists():
        return _state(None)
    with reading(engine) as connection:
        return _state(_revision(connection))


def require_current(engine: Engine) -> None:
    """Raises SchemaMismatch, which names the way out, unless the database is of this program."""
    state = check(engine)
    if state.standing is not Standing.CURRENT:
        raise _mismatch(state, database_file(engine))


def upgrade(engine: Engine) -> None:
    """Brings the database to the newest revision, in one transaction.

    Raises SchemaMismatch when the database was made by a newer program.
    """
    with writing(engine) as connection:
        state = _state(_revision(connection))
        if state.standing is Standing.NEWER:
            raise _mismatch(state, database_file(engine))
        command.upgrade(_config(connection), "head")


def downgrade(engine: Engine, revision: str) -> None:
    """Takes the database back to `revision` (`base` for nothing at all), in one transaction.

    What the undone migrations made is lost. Raises alembic's CommandError for an unknown revision.
    """
    with writing(engine) as connection:
        command.downgrade(_config(connection), revision)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _state(revision: str | None) -> SchemaState:
    known = revisions()
    if revision is None:
        standing = Standing.EMPTY
    elif revision not in known:
        standing = Standing.NEWER
    else:
        standing = Standing.CURRENT if revision == known[-1] else Standing.OLDER
    return SchemaState(standing, revision, known[-1])


def _mismatch(state: SchemaState, file: Path) -> SchemaMismatch:
    if state.standing is Standing.NEWER:
        return SchemaMismatch(
            f"the database was made by a newer program (it is at {state.revision},"
            f" this program knows up to {state.newest})",
            where=str(file),
            cure="Upgrade the newsletter program on this machine.",
        )
    if state.standing is Standing.EMPTY:
        what = "there is no database yet"
    else:
        what = f"the database is older than the program ({state.revision}, not {state.newest})"
    return SchemaMismatch(what, where=str(file), cure="Run `newsletter db upgrade`.")


def _config(connection: Connection) -> Config:
    config = Config()
    # The environment lies in a folder of its own: beside the migrations Alembic would take its
    # env.py for one of them.
    for option, value in {
        "script_location": migrations_folder() / "environment",
        "version_locations": migrations_folder(),
        "path_separator": "newline",  # nothing else may split a path that has spaces in it
    }.items():
        config.set_main_option(option, str(value).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
