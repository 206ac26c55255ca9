"""`newsletter db`: the database's version."""

from __future__ import annotations

import os

import click

from newsletter.app.workspace import database_url
from newsletter.cli.command import Group, config, json_option, print_json
from newsletter.domain.errors import SchemaMismatch
from newsletter.settings.reading import find_settings_file, read_settings
from newsletter.storage import migrations, schema_version
from newsletter.storage.engine import open_engine


@click.group(cls=Group)
def db() -> None:
    """Look after the database."""


@db.command()
@json_option
def upgrade(as_json: bool) -> None:
    """Bring the database to this program's version. Nothing else ever does it.

    Make a backup first.
    """
    engine = open_engine(database_url(read_settings(find_settings_file(config(), os.environ))))
    try:
        before = schema_version.check(engine)
        migrations.upgrade(engine)
        after = schema_version.check(engine)
    finally:
        engine.dispose()
    if as_json:
        print_json({"before": before.revision, "after": after.revision})
    elif before.revision == after.revision:
        click.echo(f"The database is up to date ({after.revision}).")
    else:
        click.echo(f"Upgraded from {before.revision or 'nothing'} to {after.revision}.")


@db.command()
@json_option
def check(as_json: bool) -> None:
    """Say whether the database is of this program's version."""
    engine = open_engine(database_url(read_settings(find_settings_file(config(), os.environ))))
    try:
        state = schema_version.check(engine)
        if as_json:
            print_json({"state": state.standing, "revision": state.revision})
        schema_version.require_current(engine)
    except SchemaMismatch:
        if as_json:
            raise click.exceptions.Exit(SchemaMismatch.exit_code) from None
        raise
    finally:
        engine.dispose()
    if not as_json:
        click.echo(f"The database is up to date ({state.revision}).")
