"""The sheet of an edition: what is on it is what goes out, in whatever state the edition is."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import update

from newsletter.app import approving
from newsletter.app.editing import import_edition
from newsletter.app.edition_sheet.sheet import WrittenSheet, write_sheet
from newsletter.app.sending import Sender
from newsletter.app.suppressing import suppress
from newsletter.app.workspace import Workspace
from newsletter.domain.errors import BadInput, SurroundingsFailed
from newsletter.domain.people import SuppressionReason
from newsletter.domain.stored_editions import Snapshot
from newsletter.storage.engine import writing
from newsletter.storage.schema import snapshots
from tests.smtp_server import RecordingServer
from tests.workspaces import SHORT, a_workspace, edition_file, import_people, ready_to_send


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "workspace") as workspace:
        import_people(workspace)
        import_edition(workspace, edition_file(workspace), actor="test")
        yield workspace


@dataclass(frozen=True)
class Sheets:
    """The sheets of one edition: as a draft, and approved, in both languages."""

    draft: WrittenSheet
    snapshot: Snapshot
    drafted: str
    approved: str
    welsh: str


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Sheets:
    with a_workspace(tmp_path_factory.mktemp("sheets") / "workspace") as workspace:
        import_people(workspace)
        import_edition(workspace, edition_file(workspace), actor="test")
        draft = write_sheet(workspace, SHORT)
        drafted = draft.file.read_text(encoding="utf-8")
        snapshot = approving.approve(
            workspace, SHORT, actor="Elin <Rees>", reason="Read & compared"
        )
        approving.schedule(workspace, SHORT, "2026-11-05T09:00", actor="Elin")
        approved, welsh = (written(workspace, language=one) for one in ("en", "cy"))
    return Sheets(draft, snapshot, drafted, approved, welsh)


def written(workspace: Workspace, slug: str = SHORT, language: str = "en") -> str:
    return write_sheet(workspace, slug, language=language).file.read_text(encoding="utf-8")


def words(page: str) -> str:
    """What the page says, its renderings and styles left out."""
    own = re.sub(r"<(template|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", own)).split())


def row(page: str, heading: str) -> str:
    """The cells behind the heading of a row."""
    found = re.search(rf"<th[^>]*>{re.escape(heading)}</th>(.*?)</tr>", page, re.DOTALL)
    assert found is not None, heading
    return words(found[1])


def renderings(page: str) -> list[str]:
    return re.findall(r"<template.*?</template>", page, re.DOTALL)


def said_by_the_sheet(page: str) -> set[str]:
    """The texts between tags that are not in a language of their own."""
    own = re.sub(r"<(template|style|pre)\b.*?</\1>", " ", page, flags=re.DOTALL)
    marked = re.sub(r"<(\w+)[^>]* lang=[^>]*>[^<]*</\1>", "", own.partition("<body>")[2])
    return {" ".join(one.split()) for one in re.findall(r">([^<]+)<", marked) if one.strip()}


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_draft_says_plainly_that_nobody_approved_it(sheets: Sheets) -> None:
    page = sheets.drafted

    assert "NOT APPROVED" in words(page)
    assert (row(page, "State"), row(page, "Approved by")) == ("draft", "nobody")
    assert row(page, "To be sent on") == "no time has been set"
    assert sheets.draft.as_json() == {
        "edition": SHORT, "state": "draft", "revision": 1, "approved": False, "digest": None,
        "language": "en", "sheet": str(sheets.draft.file),
    }  # fmt: skip
    assert sheets.draft.file.parts[-3:] == ("data", "sheets", "2026-11.html")


def test_an_approved_edition_says_who_approved_what_when_and_why(sheets: Sheets) -> None:
    page = sheets.approved

    assert "NOT APPROVED" not in page
    assert "Approved by Elin <Rees>" in words(page)
    assert "Elin &lt;Rees&gt;" in page
    assert row(page, "State") == "scheduled"
    assert row(page, "Digest (SHA-256)") == sheets.snapshot.digest
    assert row(page, "Approved on") == "2 November 2026, 09:00 (Europe/London)"
    assert row(page, "Noted with the approval") == "Read & compared"
    assert row(page, "To be sent on") == "5 November 2026, 09:00 (Europe/London)"
    assert row(page, "Newsletter") == "Monthly bulletin"


def test_every_page_that_is_printed_names_the_edition_and_its_digest(sheets: Sheets) -> None:
    foot = re.search(r'@bottom-left \{ content: "(.*?)"', sheets.approved)

    assert foot is not None
    read = re.sub(r"\\([0-9a-f]+) ", lambda one: chr(int(one[1], 16)), foot[1])
    assert read == f"2026-11 · {sheets.snapshot.digest}"


def test_a_draft_is_shown_as_it_is_once_it_is_approved(sheets: Sheets) -> None:
    drafted, approved = renderings(sheets.drafted), renderings(sheets.approved)

    assert len(drafted) == 4
    assert drafted == approved
    assert 'src="data:image/png;base64,' in drafted[0]


def test_every_link_is_written_out_with_its_words_and_language(sheets: Sheets) -> None:
    links = sheets.drafted.partition('id="cy-0-links"')[2].partition("</table>")[0]

    view = "https://news.example.org/cy/view/…"
    assert words(links).endswith(f"Gweld yr e-bost hwn yn eich porwr {view} Welsh")
    assert "English https://news.example.org/en/view/… English" in words(links)
    assert re.search(r'<a href="https://[^"]+" rel="noopener noreferrer">https://', links)
    assert "AAAAAAAA" not in words(sheets.drafted)


def test_it_holds_no_script_and_asks_nobody_for_anything(sheets: Sheets) -> None:
    page = sheets.approved

    assert "default-src 'none'" in page
    assert "<script" not in page
    assert re.findall(r'<(?:img|link|iframe)\b[^>]*\b(?:src|href)="(?!data:)', page) == []


def test_the_sheets_own_words_are_in_one_language(sheets: Sheets) -> None:
    english, welsh = said_by_the_sheet(sheets.approved), said_by_the_sheet(sheets.welsh)

    in_both = {one for one in english & welsh if re.search(r"[A-Za-z]", one)}

    assert len(welsh) > 80
    assert in_both - {sheets.snapshot.digest, "Elin &lt;Rees&gt;"} == {
        one for one in in_both if re.search(r"[@/:]", one)
    }


def test_what_was_approved_is_shown_whatever_has_become_of_the_brand(workspace: Workspace) -> None:
    approving.approve(workspace, SHORT, actor="Elin")
    before = written(workspace)
    brand = workspace.settings.path("brand") / "brand.toml"
    change(brand, "Eurwen Valley Rivers Commissioner", "Somebody Else")

    after = written(workspace)

    assert row(after, "From") == row(before, "From")
    assert renderings(after) == renderings(before)
    assert "Somebody Else" not in after


def test_a_copy_that_is_not_what_was_approved_gets_no_sheet(workspace: Workspace) -> None:
    approving.approve(workspace, SHORT, actor="Elin")
    with writing(workspace.engine) as connection:
        connection.execute(update(snapshots).values(segment="press", rules={}))

    with pytest.raises(SurroundingsFailed, match="not what was approved"):
        write_sheet(workspace, SHORT)

    assert not (workspace.settings.data_folder / "sheets").exists()


def test_what_must_be_mended_is_on_the_sheet_of_a_draft(workspace: Workspace) -> None:
    file = edition_file(workspace)
    change(file, "https://", "http://")
    settings = workspace.settings.folder / "newsletter.toml"
    text = settings.read_text(encoding="utf-8")
    level = '\n[checks.link-http]\nlevel = "must"\nreason = "Ours all have https"\n'
    settings.write_text(text + level, encoding="utf-8")
    with a_workspace(workspace.settings.folder) as changed:
        import_edition(changed, file, actor="test")

        page = written(changed)

    assert "It cannot be approved before" in words(page)
    assert "Must be mended Section 2, article: " in words(page)
    assert "Asked for: Links use https." in words(page)
    assert "link-http · link.url" in words(page)
    assert row(page, "link-http").split()[:3] == ["Must", "be", "mended"]
    assert row(page, "link-http").endswith("Ours all have https yes")


def test_a_language_that_cannot_be_composed_is_named(workspace: Workspace) -> None:
    file = edition_file(workspace)
    change(file, '  cy: "Bwletin Tachwedd: dywedwch eich dweud am y gored yn Aber-eurwen"\n', "")
    import_edition(workspace, file, actor="test")

    page = written(workspace)

    assert "Welsh is not on this sheet" in words(page)
    assert 'id="en"' in page
    assert 'id="cy"' not in page


def test_readers_are_todays_until_sending_begins_and_the_suppressed_are_counted(
    workspace: Workspace,
) -> None:
    tom, asked = "tom.ashgrove@example.org", SuppressionReason.REQUEST
    suppress(workspace, tom, reason=asked, evidence="", actor="test")
    approving.approve(workspace, SHORT, actor="Elin")

    page = written(workspace)

    assert "These are today’s numbers." in words(page)
    assert (row(page, "English"), row(page, "Welsh")) == ("7", "4")
    assert row(page, "All together") == "11"
    assert "Left out, because emails to their address are stopped: 1." in words(page)


def test_after_sending_it_says_what_became_of_every_mail(tmp_path: Path) -> None:
    with RecordingServer() as server, a_workspace(tmp_path / "w", relay=server.url) as workspace:
        ready_to_send(workspace)
        Sender(workspace, "test").run(SHORT)

        page = written(workspace)

    assert row(page, "State") == "complete: nobody is left to be tried"
    assert "These people were settled when sending began." in words(page)
    assert "Left out" not in words(page)
    assert row(page, "accepted by the mail server") == "12"
    assert row(page, "may have been sent") == "0"


def test_the_file_is_for_its_owner_alone(workspace: Workspace, tmp_path: Path) -> None:
    file = write_sheet(workspace, SHORT, out=tmp_path / "new" / "sheet.html").file

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_language_is_the_sites_first_and_one_that_we_speak(workspace: Workspace) -> None:
    assert write_sheet(workspace, SHORT).language == "en"
    with pytest.raises(BadInput, match="cannot be written in fr") as caught:
        write_sheet(workspace, SHORT, language="fr")
    assert "cy, en" in str(caught.value)


def test_there_is_no_sheet_of_an_edition_that_is_not_there(workspace: Workspace) -> None:
    with pytest.raises(BadInput, match="no edition 2030-01"):
        write_sheet(workspace, "2030-01")


def test_a_stacked_edition_has_one_mail_of_all_its_languages(workspace: Workspace) -> None:
    file = edition_file(workspace)
    change(file, "form: separate", "form: stacked")
    import_edition(workspace, file, actor="test")

    page = written(workspace)

    assert "English, Welsh, in one email" in words(page)
    assert row(page, "English, Welsh") == "12"
    assert row(page, "Form") == "all languages in one email, one below the other"
    assert page.count("<template") == 2
