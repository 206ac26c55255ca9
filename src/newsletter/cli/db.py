"""`newsletter db`: the database's version, and whether it is the one that sends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from sqlalchemy import Engine

from newsletter.app.workspace import database_url, live_copy
from newsletter.cli.command import (
    Group,
    by_option,
    config,
    json_option,
    print_json,
    system_user,
    workspace,
)
from newsletter.domain.editions import EditionState
from newsletter.domain.errors import SchemaMismatch
from newsletter.settings.reading import find_settings_file, read_settings
from newsletter.storage import migrations, schema_version
from newsletter.storage.engine import open_engine
from newsletter.storage.live_copy import LiveCopy
from newsletter.storage.schema_version import Standing

if TYPE_CHECKING:
    from newsletter.app.adopting import AdoptedEdition

_RESUME = "`newsletter send resume {slug}`"
_NOT_STARTED = (
    "{slug}: held; it was scheduled, and may have been sent since by the other copy. If it was, run"
    " `newsletter send cancel {slug}`; if not, " + _RESUME + "."
)
_UNDER_WAY = (
    "{slug}: held; {pending} of its deliveries wait here and may already have gone. Run "
    + _RESUME
    + " if none has, else `newsletter send resume {slug} --pending-unknown`, which sends none of"
    " them again."
)
_NOTHING_PENDING = (
    "{slug}: held; nothing of it waits to be sent. Run " + _RESUME + " to let it go on."
)
_APPROVED = (
    "{slug}: approved, and may have been sent since by the other copy. Look before anybody runs"
    " `newsletter send run {slug}`; if it was sent, run `newsletter send cancel {slug}`."
)
_MADE_UNKNOWN = (
    "{slug}: {made_unknown} deliveries are unknown, since what was sending them left no journal."
    " See `newsletter send unknown {slug}`."
)


@click.group(cls=Group)
def db() -> None:
    """Look after the database."""


@db.command()
@json_option
def upgrade(as_json: bool) -> None:
    """Bring the database to this program's version. Nothing else ever does it.

    Make a backup first.
    """
    with _database() as (engine, copy):
        before = schema_version.check(engine)
        migrations.upgrade(engine)
        after = schema_version.check(engine)
        copy.bind()
    if as_json:
        print_json({"before": before.revision, "after": after.revision})
    elif before.revision == after.revision:
        click.echo(f"The database is up to date ({after.revision}).")
    else:
        click.echo(f"Upgraded from {before.revision or 'nothing'} to {after.revision}.")


@db.command()
@json_option
def check(as_json: bool) -> None:
    """Say whether the database is of this program's version, and whether it is the one that sends.

    A copy, a moved database and a restored backup send nothing until `db adopt`.
    """
    with _database() as (engine, copy):
        state = schema_version.check(engine)
        if not as_json:
            schema_version.require_current(engine)
        standing = copy.standing if state.standing is Standing.CURRENT else None
    if as_json:
        is_live = None if standing is None else standing.is_live
        print_json({"state": state.standing, "revision": state.revision, "live": is_live})
    if standing is None:
        raise click.exceptions.Exit(SchemaMismatch.exit_code)
    if not as_json:
        click.echo(f"The database is up to date ({state.revision}).")
        live = ["It is the one that sends."]
        click.echo("\n".join(live if standing.is_live else copy.fault(standing).lines()))


@db.command()
@by_option
@json_option
def adopt(by: str | None, as_json: bool) -> None:
    """Make this copy of the database the one that sends: after a move, or from a backup.

    Every edition that was on its way is held until you have looked at it. Stop whatever sends from
    the other copy first: two that send mail everybody twice.
    """
    from newsletter.app import adopting

    with workspace() as opened:
        done = adopting.adopt(opened, actor=by or system_user())
    if as_json:
        print_json(done.as_json())
    elif done.was_live:
        click.echo("This database is the one that sends already; nothing was changed.")
    else:
        click.echo("From now on this database is the one that sends.")
        for one in done.held:
            click.echo("\n".join(_advice(one)))
        for slug in done.approved:
            click.echo(_APPROVED.format(slug=slug))


def _advice(one: AdoptedEdition) -> Iterator[str]:
    if one.edition.held_from is EditionState.SCHEDULED:
        words = _NOT_STARTED
    else:
        words = _UNDER_WAY if one.pending else _NOTHING_PENDING
    yield words.format(slug=one.edition.slug, pending=one.pending)
    if one.made_unknown:
        yield _MADE_UNKNOWN.format(slug=one.edition.slug, made_unknown=one.made_unknown)


@contextmanager
def _database() -> Iterator[tuple[Engine, LiveCopy]]:
    """The database of the settings, whatever its version."""
    settings = read_settings(find_settings_file(config(), os.environ))
    engine = open_engine(database_url(settings))
    try:
        yield engine, live_copy(settings, engine)
    finally:
        engine.dispose()
