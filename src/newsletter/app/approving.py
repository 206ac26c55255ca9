"""Approving an edition: compiling it once more, freezing the result, and setting its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from newsletter.app.audited_steps import take_step
from newsletter.app.check_levels import changes_in_force, levels_of_rules
from newsletter.app.composing import compile_content
from newsletter.app.message_facts import message_templates
from newsletter.app.published_media import publish
from newsletter.app.segment_rules import frozen_rules
from newsletter.app.source_check import check_source
from newsletter.app.translations import stale_findings
from newsletter.app.workshop import workshop_of
from newsletter.app.workspace import Workspace
from newsletter.audience.topics import topic
from newsletter.domain.audience_rules import FrozenRule
from newsletter.domain.compiled import CompiledEdition
from newsletter.domain.editions import EditionContent
from newsletter.domain.errors import BadInput, Refused
from newsletter.domain.findings import Finding, Level
from newsletter.domain.languages import in_language
from newsletter.domain.stored_editions import MailForm, Snapshot, StoredEdition
from newsletter.editions import snapshots, store
from newsletter.editions.lifecycle import Step, check_step
from newsletter.editions.times import read_time
from newsletter.mail.message import MessageTemplate
from newsletter.mail.page_links import link_pages
from newsletter.mail.slots import pieces_to_json
from newsletter.storage.engine import reading, writing


def approve(
    workspace: Workspace, slug: str, *, actor: str, reason: str = "", as_imported: bool = False
) -> Snapshot:
    """Freezes the newest revision as the snapshot that will be sent.

    Raises Refused on any must-finding, and when the edition's file has changed since its import
    (unless `as_imported`).
    """
    checks = workspace.settings.checks
    with reading(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        check_step(Step.APPROVE, slug, stored.state)
        check_source(stored, as_imported=as_imported)
        written = store.content(connection, stored)
        images = store.revision_image_bytes(connection, stored)
        stale = stale_findings(connection, stored, written, levels_of_rules(checks))
        list_name = in_language(topic(connection, stored.topic).names, _first_language(workspace))
        rules = _rules_of(connection, workspace, written)
    # Compiled between the two transactions: nobody else waits for it.
    workshop = workshop_of(workspace.settings)
    compiled = compile_content(workshop, written, images, workspace.now())
    findings = (*compiled.findings, *stale)
    _refuse_must_findings(slug, findings)
    templates = message_templates(workshop, compiled, list_name)
    approval = _Approval(actor, workspace.now(), written.segment, rules)
    snapshot = _freeze(stored, compiled, templates, approval)
    publish(workspace.media_folder, compiled.media)
    detail = "; ".join(
        filter(
            None,
            (
                f"revision {stored.revision}, digest {snapshot.digest}",
                reason,
                *changes_in_force(checks, findings),
            ),
        )
    )
    with writing(workspace.engine) as connection:
        _check_unchanged(store.edition(connection, slug), stored)
        _check_same_rules(_rules_of(connection, workspace, written), snapshot)
        snapshots.save(connection, stored, snapshot)
        take_step(
            connection, stored, Step.APPROVE, actor=actor, at=snapshot.approved_at, detail=detail
        )
    return snapshot


def _check_unchanged(now: StoredEdition, before: StoredEdition) -> None:
    if now != before:
        raise Refused(
            f"edition {before.slug} was changed by somebody else meanwhile",
            cure="Look at it again, then approve it.",
        )


def _check_same_rules(now: Mapping[str, FrozenRule], snapshot: Snapshot) -> None:
    if now != snapshot.rules:
        raise Refused(
            "a segment of the edition was changed by somebody else meanwhile",
            cure="Look at it with `newsletter segments list`, then approve it.",
        )


def approval_of(workspace: Workspace, slug: str) -> Snapshot | None:
    """The approved snapshot of an edition, or None."""
    with reading(workspace.engine) as connection:
        return snapshots.current(connection, store.edition(connection, slug))


def schedule(
    workspace: Workspace, slug: str, time: str, *, actor: str, as_imported: bool = False
) -> datetime:
    """Sets the time at which `send due` starts the edition; gives the instant."""
    now = workspace.now()
    zone = workspace.settings.site.timezone
    with writing(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        check_step(Step.SCHEDULE, slug, stored.state)
        check_source(stored, as_imported=as_imported)
        at = read_time(time, zone, now)
        store.set_schedule(connection, stored, at, zone)
        take_step(connection, stored, Step.SCHEDULE, actor=actor, at=now, detail=at.isoformat())
    return at


def unschedule(workspace: Workspace, slug: str, *, actor: str) -> None:
    """Takes the time away again; the edition stays approved."""
    with writing(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        take_step(connection, stored, Step.UNSCHEDULE, actor=actor, at=workspace.now())
        store.set_schedule(connection, stored, None, None)


def _refuse_must_findings(slug: str, findings: Sequence[Finding]) -> None:
    must = [finding for finding in findings if finding.level is Level.MUST]
    if must:
        listed = "\n".join(f"  {finding.rule}: {finding.message} {finding.fix}" for finding in must)
        raise Refused(
            f"edition {slug} cannot be approved, {len(must)} must be mended:\n{listed}",
            cure="Mend the file, import it again, then approve.",
            findings=must,
        )


def _rules_of(
    connection: Connection, workspace: Workspace, content: EditionContent
) -> dict[str, FrozenRule]:
    """A segment that does not exist would be of nobody, and nobody would know."""
    try:
        return frozen_rules(connection, workspace.settings, content.segments)
    except BadInput as error:
        raise Refused(
            f"edition {content.slug} is for a segment that cannot be used: {error.lines()[0]}",
            cure=error.cure,
        ) from None


@dataclass(frozen=True, slots=True)
class _Approval:
    """By whom, when, and for whom."""

    actor: str
    at: datetime
    segment: str | None
    rules: Mapping[str, FrozenRule]


def _freeze(
    stored: StoredEdition,
    compiled: CompiledEdition,
    templates: Mapping[MailForm, MessageTemplate],
    approval: _Approval,
) -> Snapshot:
    messages = {form: template.as_json() for form, template in templates.items()}
    pages = {
        language: pieces_to_json(link_pages(text, templates[language, ""].facts.base_url).html)
        for language, text in compiled.languages.items()
    }
    segment, rules = approval.segment, approval.rules
    return Snapshot(
        digest=snapshots.snapshot_digest(stored, messages, pages, segment, rules),
        approved_by=approval.actor,
        approved_at=approval.at,
        messages=messages,
        pages=pages,
        segment=segment,
        rules=rules,
    )


def _first_language(workspace: Workspace) -> str:
    return workspace.settings.site.languages[0]
