"""The sheet of an edition with sections for segments: who gets which, and all of it to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from newsletter.app import approving, segmenting
from newsletter.app.editing import import_edition
from newsletter.app.edition_sheet.sheet import write_sheet
from newsletter.app.sending import Sender
from newsletter.app.workspace import Workspace
from newsletter.editions import store
from newsletter.storage.engine import writing
from newsletter.storage.schema import retired_deliveries, subscribers
from tests.workspaces import a_workspace, edition_file, import_people

SLUG = "2026-12"
EDITION = """\
edition: "2026-12"
topic: monthly-bulletin
languages: [en, cy]
segment: known
subject: {en: "News for <you> & yours", cy: "Newyddion i chi"}
preheader:
  en: "What is new in your area this month, in a few short lines for {name|you}."
  cy: "Beth sy’n newydd yn eich ardal y mis hwn, mewn ychydig o linellau byr."
sections:
  - kind: letter
    heading: {en: "For all", cy: "I bawb"}
    body: {en: "You live here.", cy: "Rydych yn byw yma."}
  - kind: letter
    only_for: {segment: farmers}
    heading: {en: "For farmers", cy: "I ffermwyr"}
    body: {en: "Hay is made.", cy: "Mae’r gwair wedi’i gywain."}
  - kind: letter
    only_for: {segment: press, language: en}
    heading: {en: "For the press"}
    body: {en: "Not before noon."}
"""
TAGS = {"tom.ashgrove@example.org": ["Farm", "Press"], "angharad@example.org": ["Farm", "Press"]}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "workspace") as workspace:
        import_people(workspace)
        for address, tags in TAGS.items():
            tag(workspace, address, tags)
        file = edition_file(workspace, SLUG)
        file.parent.mkdir()
        file.write_text(EDITION, encoding="utf-8")
        import_edition(workspace, file, actor="test")
        yield workspace


def tag(workspace: Workspace, address: str, tags: list[str]) -> None:
    with writing(workspace.engine) as connection:
        connection.execute(
            update(subscribers)
            .where(subscribers.c.canonical == address)
            .values(attributes={"tags": tags})
        )


def add_segments(workspace: Workspace) -> None:
    for name, rule in {
        "farmers": 'tags has "Farm"',
        "press": 'tags has "Press"',
        "known": "name is set or name is not set",
    }.items():
        segmenting.add_segment(workspace, name, rule, replace=False, actor="test")


def written(workspace: Workspace) -> str:
    return write_sheet(workspace, SLUG).file.read_text(encoding="utf-8")


def words(page: str) -> str:
    own = re.sub(r"<(template|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", own)).split())


def variants(page: str, language: str) -> list[list[str]]:
    """The rows of a language's table of variants."""
    table = page.partition(f'id="{language}-variants"')[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    return [
        [words(cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", one, re.DOTALL)]
        for one in rows
    ]


def test_variants_are_named_with_their_sections_and_their_readers(workspace: Workspace) -> None:
    add_segments(workspace)
    approving.approve(workspace, SLUG, actor="Elin")

    page = written(workspace)

    english, welsh = variants(page, "en"), variants(page, "cy")
    assert [(name, also, number) for name, also, _, number in english] == [
        ("none of them", "no more", "7"),
        ("farmers", "2", "0"),
        ("press", "3", "0"),
        ("farmers, press", "2, 3", "1"),
    ]
    # The section for the press is in English alone.
    assert [(name, also, number) for name, also, _, number in welsh] == [
        ("none of them", "no more", "3"),
        ("farmers", "2", "1"),
    ]


def test_whom_it_is_for_and_by_which_rules_is_said(workspace: Workspace) -> None:
    add_segments(workspace)

    page = written(workspace)

    assert "its subscribers who are in the segment known." in words(page)
    assert (
        'farmers tags has "Farm" known name is set or name is not set press tags has "Press"'
        in words(page)
    )


def test_every_section_is_shown_in_some_rendering(workspace: Workspace) -> None:
    add_segments(workspace)

    page = written(workspace)

    plain, _, fullest, _ = re.findall(r"<template.*?</template>", page, re.DOTALL)[:4]
    assert "You live here." in plain
    assert "Not before noon." not in plain
    assert "Hay is made." in fullest
    assert "Not before noon." in fullest
    assert "As its readers see it, with every section: farmers, press" in words(page)


def test_a_segment_that_is_not_there_is_said_of_a_draft_and_nobody_is_in_it(
    workspace: Workspace,
) -> None:
    page = written(workspace)

    assert words(page).count("There is no such segment, or its rule cannot be used.") == 3
    assert "All together 0" in words(page)


def test_words_of_authors_are_escaped_and_filled(workspace: Workspace) -> None:
    page = written(workspace)

    assert "News for &lt;you&gt; &amp; yours" in page
    assert "in a few short lines for you." in words(page)


def test_who_was_frozen_is_counted_by_variant_until_retention_has_taken_some(
    workspace: Workspace,
) -> None:
    add_segments(workspace)
    approving.approve(workspace, SLUG, actor="Elin")
    Sender(workspace, "test").run(SLUG)
    tag(workspace, "tom.ashgrove@example.org", [])

    before = written(workspace)
    with writing(workspace.engine) as connection:
        edition = store.edition(connection, SLUG)
        taken = {"state": "skipped", "reason": "suppressed", "language": "en", "number": 3}
        connection.execute(insert(retired_deliveries).values(edition_id=edition.id, **taken))
    after = written(workspace)

    assert [one[-1] for one in variants(before, "en")] == ["7", "0", "0", "1"]
    assert {len(one) for one in variants(after, "en")} == {3}
    assert "English 11 Welsh 4 All together 15" in words(after)
    assert "not sent: emails to the address are stopped 3" in words(after)
