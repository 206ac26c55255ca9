"""Translations that are older than what they translate, and saying that they still hold."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from newsletter.app.workspace import Workspace
from newsletter.composer.findings.findings import FindingList, Place
from newsletter.domain.editions import EditionContent
from newsletter.domain.errors import BadInput
from newsletter.domain.findings import Finding, Level
from newsletter.domain.stored_editions import StoredEdition
from newsletter.editions import store
from newsletter.editions.confirmations import confirm, confirmations
from newsletter.editions.staleness import stale_translations
from newsletter.i18n.language_facts import english_name
from newsletter.storage.audit import record
from newsletter.storage.engine import writing


def stale_findings(
    connection: Connection,
    stored: StoredEdition,
    content: EditionContent,
    levels: Mapping[str, Level],
) -> tuple[Finding, ...]:
    """A finding for each translation of the newest revision that is stale (L8).

    `content` is that revision, with file and lines where they are known.
    """
    findings = FindingList(content, levels)
    positions = {one.id: place for place, one in enumerate(content.sections, start=1)}
    for stale in stale_translations(
        store.all_revisions(connection, stored), _confirmed(connection, stored)
    ):
        section = positions[stale.place.section] if stale.place.section else None
        findings.add(
            "translation-stale",
            "changed",
            Place(stale.language, section, stale.place.field),
            first_name=english_name(content.languages[0]),
            slug=content.slug,
        )
    return findings.all()


def confirm_language(workspace: Workspace, slug: str, language: str, *, actor: str) -> int:
    """Records that `language` still says what the first one says; gives the number of stale
    translations that this settles.

    Raises BadInput for a language that the edition has not, or that the others are held against.
    """
    with writing(workspace.engine) as connection:
        stored = store.edition(connection, slug)
        content = store.content(connection, stored)
        _check_language(content, language)
        stale = stale_translations(
            store.all_revisions(connection, stored), _confirmed(connection, stored)
        )
        now = workspace.now()
        confirm(connection, stored, language, actor=actor, at=now)
        detail = f"{language} of revision {stored.revision}"
        record(
            connection, actor=actor, action="edition confirm", subject=slug, detail=detail, at=now
        )
    return sum(one.language == language for one in stale)


def _confirmed(connection: Connection, stored: StoredEdition) -> dict[str, set[int]]:
    # Revisions are numbered from 1, and staleness counts them from 0.
    found = confirmations(connection, stored)
    return {language: {number - 1 for number in numbers} for language, numbers in found.items()}


def _check_language(content: EditionContent, language: str) -> None:
    first, *others = content.languages
    if language == first:
        raise BadInput(
            f"{language} is the first language of edition {content.slug}: the others are held"
            " against it",
            cure=f"Confirm one of the others: {', '.join(others) or 'there is none'}.",
        )
    if language not in others:
        raise BadInput(
            f"edition {content.slug} has no language {language}",
            cure=f"Its languages are {', '.join(content.languages)}.",
        )
