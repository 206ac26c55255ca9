"""`newsletter edition`: bringing in, giving out, approving and timing editions."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from newsletter.app.approving import approval_of
from newsletter.app.approving import approve as approve_edition
from newsletter.app.approving import schedule as schedule_edition
from newsletter.app.approving import unschedule as unschedule_edition
from newsletter.app.editing import all_editions, export_edition, import_edition
from newsletter.app.edition_status import status
from newsletter.app.translations import confirm_language
from newsletter.cli.command import (
    Group,
    as_imported_option,
    by_option,
    json_option,
    print_json,
    system_user,
    workspace,
)
from newsletter.cli.edition_sheet import sheet
from newsletter.cli.finding_lines import finding_line
from newsletter.cli.table import print_table
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions.times import said


@click.group(cls=Group)
def edition() -> None:
    """Bring editions in, approve them and set their time."""


edition.add_command(sheet)


@edition.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def import_(file: Path, as_json: bool) -> None:
    """Make an edition FILE the newest revision of its edition, as a draft.

    Importing the same content again changes nothing; changed content takes an approval away.

    Example: newsletter edition import editions/2026-10/edition.yaml
    """
    with workspace() as opened:
        imported = import_edition(opened, file, actor=system_user())
    if as_json:
        print_json(
            {
                "edition": imported.edition.slug,
                "state": imported.edition.state,
                "revision": imported.edition.revision,
                "changed": imported.changed,
                "findings": [finding.as_json() for finding in imported.findings],
            }
        )
        return
    for finding in imported.findings:
        click.echo(finding_line(finding), err=True)
    done = "imported as" if imported.changed else "nothing has changed since"
    click.echo(
        f"{imported.edition.slug}: {done} revision {imported.edition.revision}"
        f" ({imported.edition.state})"
    )


@edition.command()
@click.argument("slug")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="F", help="Write there, images beside it."
)
def export(slug: str, out: Path | None) -> None:
    """Give an edition out as a file, in the one canonical form.

    Example: newsletter edition export 2026-10 --out copy/edition.yaml
    """
    with workspace() as opened:
        text = export_edition(opened, slug, out)
    click.echo(str(out) if out else text, nl=out is not None)


@edition.command(name="list")
@json_option
def list_(as_json: bool) -> None:
    """List all editions with their states."""
    with workspace() as opened:
        found = all_editions(opened)
    if as_json:
        print_json([_as_json(stored) for stored in found])
        return
    print_table(
        ("EDITION", "TOPIC", "STATE", "REVISION", "DUE"),
        [
            (one.slug, one.topic, one.state, one.revision, _local(one.scheduled_at, one))
            for one in found
        ],
    )


@edition.command()
@click.argument("slug")
@json_option
def show(slug: str, as_json: bool) -> None:
    """Show how an edition stands: state, approval, time and audience."""
    with workspace() as opened:
        standing = status(opened, slug)
        snapshot = approval_of(opened, slug)
    approval = (
        {
            "digest": snapshot.digest,
            "by": snapshot.approved_by,
            "at": snapshot.approved_at.isoformat(),
            "segment": snapshot.segment,
            "rules": {name: rule.text for name, rule in snapshot.rules.items()},
        }
        if snapshot
        else None
    )
    answer = _as_json(standing.edition) | {
        "approval": approval,
        "expected": standing.expected,
        "languages": standing.languages,
    }
    if as_json:
        print_json(answer)
        return
    for key, value in answer.items():
        if value is not None:
            click.echo(f"{key}: {_shown(value)}")


@edition.command()
@click.argument("slug")
@click.option("--language", required=True, metavar="L", help="The language that still holds.")
@by_option
@json_option
def confirm(slug: str, language: str, by: str | None, as_json: bool) -> None:
    """Say that a language still holds although the first one has changed.

    Clears the findings `translation-stale` of that language, as rewriting the words would.

    Example: newsletter edition confirm 2026-10 --language cy
    """
    with workspace() as opened:
        settled = confirm_language(opened, slug, language, actor=by or system_user())
    if as_json:
        print_json({"edition": slug, "language": language, "settled": settled})
    elif settled:
        stale = "1 stale translation is" if settled == 1 else f"{settled} stale translations are"
        click.echo(f"{slug}: {language} still holds; {stale} settled")
    else:
        click.echo(f"{slug}: {language} still holds; nothing of it was stale")


@edition.command()
@click.argument("slug")
@by_option
@click.option("--reason", default="", metavar="TEXT", help="Kept with the approval.")
@as_imported_option
@json_option
def approve(slug: str, by: str | None, reason: str, as_imported: bool, as_json: bool) -> None:
    """Approve an edition: what is frozen now is what will be sent.

    Refused while a check says that something must be mended.
    """
    with workspace() as opened:
        snapshot = approve_edition(
            opened, slug, actor=by or system_user(), reason=reason, as_imported=as_imported
        )
    if as_json:
        print_json(
            {"edition": slug, "state": "approved", "digest": snapshot.digest}
            | {"by": snapshot.approved_by, "at": snapshot.approved_at.isoformat()}
        )
    else:
        click.echo(f"{slug}: approved by {snapshot.approved_by}, digest {snapshot.digest}")


@edition.command()
@click.argument("slug")
@click.option("--at", required=True, metavar="TIME", help="2026-10-05T09:00, or `now`.")
@by_option
@as_imported_option
@json_option
def schedule(slug: str, at: str, by: str | None, as_imported: bool, as_json: bool) -> None:
    """Set the time at which `newsletter send due` sends an approved edition."""
    with workspace() as opened:
        instant = schedule_edition(
            opened, slug, at, actor=by or system_user(), as_imported=as_imported
        )
        when = said(instant, opened.settings.site.timezone)
    if as_json:
        print_json({"edition": slug, "state": "scheduled", "at": instant.isoformat()})
    else:
        click.echo(f"{slug}: scheduled for {when}")


@edition.command()
@click.argument("slug")
@by_option
@json_option
def unschedule(slug: str, by: str | None, as_json: bool) -> None:
    """Take an edition's time away again; it stays approved."""
    with workspace() as opened:
        unschedule_edition(opened, slug, actor=by or system_user())
    if as_json:
        print_json({"edition": slug, "state": "approved"})
    else:
        click.echo(f"{slug}: no longer scheduled, still approved")


def _as_json(stored: StoredEdition) -> dict[str, object]:
    return {
        "edition": stored.slug,
        "topic": stored.topic,
        "state": stored.state,
        "reason": stored.held_reason,
        "revision": stored.revision,
        "file": stored.source_file,
        "scheduled_at": stored.scheduled_at.isoformat() if stored.scheduled_at else None,
        "scheduled_zone": stored.scheduled_zone,
    }


def _shown(value: object) -> str:
    """A value of an answer on a line: of what has parts, those that say something."""
    if not isinstance(value, dict):
        return str(value)
    parts = {name: one for name, one in value.items() if one is not None and one != {}}
    return ", ".join(f"{name} {_shown(one)}" for name, one in parts.items())


def _local(instant: datetime | None, stored: StoredEdition) -> str:
    if instant is None:
        return "-"
    return f"{instant.astimezone(ZoneInfo(stored.scheduled_zone or 'UTC')):%Y-%m-%d %H:%M %Z}"
