"""The runner of the migrations: Alembic without an alembic.ini."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from newsletter.resources import migrations_folder
from newsletter.storage.engine import writing
from newsletter.storage.schema_version import Standing, current_revision, mismatch, schema_state
from newsletter.storage.whereabouts import whereabouts


def upgrade(engine: Engine) -> None:
    """Brings the database to the newest revision, in one transaction.

    Raises SchemaMismatch when the database was made by a newer program.
    """
    with writing(engine) as connection:
        state = schema_state(current_revision(connection))
        if state.standing is Standing.NEWER:
            raise mismatch(state, whereabouts(engine.url))
        command.upgrade(_config(connection), "head")


def downgrade(engine: Engine, revision: str) -> None:
    """Takes the database back to `revision` (`base` for nothing at all), in one transaction.

    What the undone migrations made is lost. Raises alembic's CommandError for an unknown revision.
    """
    with writing(engine) as connection:
        command.downgrade(_config(connection), revision)


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
