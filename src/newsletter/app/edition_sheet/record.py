"""All that the sheet of an edition tells, before it is put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from newsletter.app.check_levels import levels_of_rules
from newsletter.app.composing import compile_content
from newsletter.app.edition_sheet.approval import check_digest, noted_with
from newsletter.app.edition_sheet.readers import ReaderNumbers, reader_numbers
from newsletter.app.edition_sheet.rendering import Pictures
from newsletter.app.edition_sheet.sheet_mail import SheetMail, sheet_mail
from newsletter.app.message_facts import message_templates
from newsletter.app.pauses import end_pauses
from newsletter.app.segment_rules import frozen_rules
from newsletter.app.translations import stale_findings
from newsletter.app.workshop import Workshop, workshop_of
from newsletter.app.workspace import Workspace
from newsletter.audience.topics import topic
from newsletter.composer.kinds.kinds import Catalogue
from newsletter.domain.compiled import CompiledEdition
from newsletter.domain.editions import EditionContent
from newsletter.domain.errors import BadInput
from newsletter.domain.findings import Finding
from newsletter.domain.languages import in_language
from newsletter.domain.people import Topic
from newsletter.domain.stored_editions import MailForm, Snapshot, StoredEdition
from newsletter.editions import snapshots, store
from newsletter.mail.message import MessageTemplate
from newsletter.settings.tables import CheckLevel
from newsletter.storage.engine import reading


@dataclass(frozen=True, slots=True)
class EditionRecord:
    """What goes out with an edition, or went, to whom, and who checked it.

    `snapshot` is None for an edition that is not approved; `noted` is what stands beside its
    approval. `mails` are what the snapshot holds, else what it would hold. `rules` maps each
    segment that the edition names to its rule, None for one that cannot be used. `findings` are
    those of the checks at `made_at`.
    """

    stored: StoredEdition
    content: EditionContent
    topic: Topic
    snapshot: Snapshot | None
    noted: str
    mails: tuple[SheetMail, ...]
    pictures: Pictures
    catalogue: Catalogue
    readers: ReaderNumbers
    rules: Mapping[str, str | None]
    findings: tuple[Finding, ...]
    levels: Mapping[str, CheckLevel]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the database knows of an edition at one moment."""

    stored: StoredEdition
    content: EditionContent
    images: Mapping[str, bytes]
    topic: Topic
    snapshot: Snapshot | None
    noted: str
    readers: ReaderNumbers
    rules: Mapping[str, str | None]
    stale: tuple[Finding, ...]


def read_record(workspace: Workspace, slug: str) -> EditionRecord:
    """The record of the edition called `slug`, as it stands now.

    Raises BadInput when there is none, SurroundingsFailed when the approved copy was changed.
    """
    end_pauses(workspace)
    with reading(workspace.engine) as connection:
        kept = _read(connection, workspace, slug)
    workshop = workshop_of(workspace.settings)
    now = workspace.now()
    # Of an approved edition only the findings are wanted: its mails are in the snapshot.
    compiled = compile_content(workshop, kept.content, kept.images, now)
    templates = _templates(workspace, workshop, kept, compiled)
    bounce_address = workspace.settings.mail.bounce_address
    return EditionRecord(
        stored=kept.stored,
        content=kept.content,
        topic=kept.topic,
        snapshot=kept.snapshot,
        noted=kept.noted,
        mails=tuple(
            sheet_mail(form, template, bounce_address=bounce_address, now=now)
            for form, template in templates.items()
        ),
        pictures=_pictures(workspace, compiled),
        catalogue=workshop.catalogue,
        readers=kept.readers,
        rules=kept.rules,
        findings=(*compiled.findings, *kept.stale),
        levels=workspace.settings.checks,
        made_at=now,
    )


def _read(connection: Connection, workspace: Workspace, slug: str) -> _Kept:
    stored = store.edition(connection, slug)
    content = store.content(connection, stored)
    snapshot = snapshots.current(connection, stored)
    if snapshot is not None:
        check_digest(stored, snapshot)
    levels = levels_of_rules(workspace.settings.checks)
    return _Kept(
        stored=stored,
        content=content,
        images=store.revision_image_bytes(connection, stored),
        topic=topic(connection, stored.topic),
        snapshot=snapshot,
        noted=noted_with(connection, stored, snapshot) if snapshot else "",
        readers=reader_numbers(connection, workspace, stored),
        rules=_rules(connection, workspace, content, snapshot),
        stale=stale_findings(connection, stored, content, levels),
    )


def _rules(
    connection: Connection,
    workspace: Workspace,
    content: EditionContent,
    snapshot: Snapshot | None,
) -> dict[str, str | None]:
    if snapshot is not None:
        return {name: rule.text for name, rule in snapshot.rules.items()}
    return {name: _rule_today(connection, workspace, name) for name in content.segments}


def _rule_today(connection: Connection, workspace: Workspace, name: str) -> str | None:
    try:
        return frozen_rules(connection, workspace.settings, [name])[name].text
    except BadInput:  # approving says why, and refuses
        return None


def _templates(
    workspace: Workspace, workshop: Workshop, kept: _Kept, compiled: CompiledEdition
) -> Mapping[MailForm, MessageTemplate]:
    if kept.snapshot is not None:
        return {
            form: MessageTemplate.from_json(message)
            for form, message in kept.snapshot.messages.items()
        }
    list_name = in_language(kept.topic.names, workspace.settings.site.languages[0])
    return message_templates(workshop, compiled, list_name)


def _pictures(workspace: Workspace, compiled: CompiledEdition) -> Pictures:
    """Those that are published with the approval, and those of a draft, which are not yet."""
    composed = {one.name: one.content for one in compiled.media}
    folder = workspace.media_folder

    def picture(name: str) -> bytes | None:
        file = folder / name
        return file.read_bytes() if name and file.is_file() else composed.get(name)

    return picture
