"""Bringing editions in from files and giving them out again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from newsletter.app.audited_steps import take_step
from newsletter.app.check_levels import levels_of_rules
from newsletter.app.composing import compile_content, read_edition_file
from newsletter.app.edition_images import refuse_too_large
from newsletter.app.translations import stale_findings
from newsletter.app.workshop import workshop_of
from newsletter.app.workspace import Workspace
from newsletter.audience.topics import topic
from newsletter.composer.edition_files.edition_writer import write_edition
from newsletter.domain.editions import EditionContent
from newsletter.domain.errors import BadInput, SurroundingsFailed
from newsletter.domain.findings import Finding
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import snapshots, store
from newsletter.editions.content_json import content_digest
from newsletter.editions.lifecycle import Step, check_step
from newsletter.editions.section_ids import with_ids
from newsletter.editions.store import Source
from newsletter.storage.engine import reading, writing


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import of an edition did; `findings` are of the imported content."""

    edition: StoredEdition
    changed: bool
    findings: tuple[Finding, ...]


def import_edition(workspace: Workspace, file: Path, *, actor: str) -> Imported:
    """Makes the file's content the edition's newest revision, a draft.

    Identical content changes nothing but which file the edition stands for. Raises BadInput for an
    unknown topic or language, Refused from `sending` on.
    """
    workshop = workshop_of(workspace.settings)
    read = read_edition_file(workshop, file)
    written, images = read.content, read.images
    _check_languages(written, workspace.settings.site.languages)
    refuse_too_large(images)
    source = Source(str(file.resolve()), read.digest)
    with writing(workspace.engine) as connection:
        topic_id = topic(connection, written.topic).id
        stored = store.find_edition(connection, written.slug) or store.create(
            connection, written, topic_id, source, workspace.now()
        )
        earlier = store.content(connection, stored).sections if stored.revision else ()
        written = replace(written, sections=with_ids(written.sections, earlier))
        changed = _revise(workspace, connection, stored, written, images, actor)
        store.set_source(connection, stored, topic_id, source)
        stored = store.edition(connection, written.slug)
        stale = stale_findings(
            connection, stored, written, levels_of_rules(workspace.settings.checks)
        )
    compiled = compile_content(workshop, written, images, workspace.now())
    return Imported(stored, changed, (*compiled.findings, *stale))


def _revise(
    workspace: Workspace,
    connection: Connection,
    stored: StoredEdition,
    content: EditionContent,
    images: Mapping[str, bytes],
    actor: str,
) -> bool:
    digests = {src: hashlib.sha256(data).hexdigest() for src, data in images.items()}
    if stored.revision and content_digest(content, digests) == store.revision_digest(
        connection, stored
    ):
        return False
    check_step(Step.REVISE, stored.slug, stored.state)
    now = workspace.now()
    number = store.add_revision(connection, stored, content, images, actor=actor, now=now)
    snapshots.void(connection, stored, now)
    store.set_schedule(connection, stored, None, None)
    take_step(connection, stored, Step.REVISE, actor=actor, at=now, detail=f"revision {number}")
    return True


def all_editions(workspace: Workspace) -> list[StoredEdition]:
    """Every edition, the newest last."""
    with reading(workspace.engine) as connection:
        return store.all_editions(connection)


def export_edition(workspace: Workspace, slug: str, out: Path | None) -> str:
    """The newest revision as an edition file; with `out` also written there, images beside it."""
    with reading(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        text = write_edition(store.content(connection, stored))
        images = store.revision_image_bytes(connection, stored)
    if out is not None:
        try:
            _write_with_images(out, text, images)
        except OSError as error:
            raise SurroundingsFailed(f"cannot write {out}: {error.strerror}") from None
    return text


def _write_with_images(out: Path, text: str, images: Mapping[str, bytes]) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    for source, data in images.items():
        file = out.parent / source
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    out.write_text(text, encoding="utf-8", newline="")


def _check_languages(content: EditionContent, site: list[str]) -> None:
    for language in content.languages:
        if language not in site:
            raise BadInput(
                f"edition {content.slug} is written in {language}, which is not a language of the"
                " site",
                where=content.file,
                cure=f"Add it to site.languages, or use {', '.join(site)}.",
            )
