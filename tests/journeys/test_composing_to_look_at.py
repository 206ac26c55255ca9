"""Composing an edition and looking at it: the files, the contact sheet, one subscriber's mail."""

from __future__ import annotations

import email
import email.policy
import shutil
from pathlib import Path

import lxml.html
import pytest

from newsletter.resources import examples_folder
from tests.terminal import Terminal

EDITION = Path("editions/first-edition/edition.yaml")
SIAN = "sian@example.org"


def _edit(old: str, new: str) -> None:
    text = EDITION.read_text(encoding="utf-8")
    assert old in text
    EDITION.write_text(text.replace(old, new, 1), encoding="utf-8")


def _sheet(folder: Path) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring((folder / "index.html").read_text(encoding="utf-8"))


def _headings(folder: Path) -> list[str]:
    return [heading.text_content() for heading in _sheet(folder).iter("h2")]


@pytest.fixture
def sian(newsletter: Terminal, workspace: Path) -> str:
    """Somebody on the list of the workspace, who reads Welsh."""
    table = "email,name,language\n" + f"{SIAN},Siân Prydderch,cy\n"
    (workspace / "list.csv").write_text(table, encoding="utf-8")
    answer = newsletter(
        *("subscribers", "import", "list.csv", "--topic", "monthly-bulletin"),
        *("--basis", "consent"),
    )
    assert answer.code == 0
    return SIAN


@pytest.mark.usefixtures("workspace")
def test_the_contact_sheet_shows_each_language_and_says_where_it_is(newsletter: Terminal) -> None:
    answer = newsletter("compose", EDITION, "--out", "look")

    assert answer.code == 0
    assert str(Path("look/index.html").resolve()) in answer.out
    assert _headings(Path("look")) == ["Findings", "English", "Welsh"]
    frames = [frame.get("src") for frame in _sheet(Path("look")).iter("iframe")]
    assert len(frames) == 12
    assert all((Path("look") / str(frame)).is_file() for frame in frames)


@pytest.mark.usefixtures("workspace")
def test_the_sheet_is_named_in_json_and_check_writes_none(newsletter: Terminal) -> None:
    composed = newsletter("compose", EDITION, "--json").json
    checked = newsletter("check", EDITION, "--json").json

    assert Path(composed["sheet"]).is_file()
    assert checked["sheet"] is None


@pytest.mark.usefixtures("workspace")
def test_frames_are_sandboxed_and_run_nothing(newsletter: Terminal) -> None:
    """X4."""
    newsletter("compose", EDITION, "--out", "look")

    for frame in _sheet(Path("look")).iter("iframe"):
        assert frame.get("title")
        assert set(frame.get("sandbox", "").split()) == {
            "allow-popups",
            "allow-popups-to-escape-sandbox",
        }
    assert not list(_sheet(Path("look")).iter("script"))


@pytest.mark.usefixtures("workspace")
def test_findings_stand_on_the_sheet_below_their_section(newsletter: Terminal) -> None:
    _edit("images/lighthouse.png", "images/gone.png")

    answer = newsletter("compose", EDITION, "--out", "look")

    words = _sheet(Path("look")).text_content()
    assert answer.code == 1
    assert "This edition must not be sent as it is" in words
    assert "image-missing" in words
    assert "Must be mended" in words


@pytest.mark.usefixtures("workspace")
def test_a_sheet_and_files_of_an_earlier_run_do_not_pass_for_this_one(newsletter: Terminal) -> None:
    newsletter("compose", EDITION, "--out", "look")
    Path("look/preview/mine.html").write_text("mine", encoding="utf-8")
    _edit('  cy: "Ein bwletin cyntaf"\n', "")

    newsletter("compose", EDITION, "--out", "look")

    assert _headings(Path("look")) == ["Findings", "English"]
    assert "Welsh is not on this sheet" in _sheet(Path("look")).text_content()
    assert not list(Path("look").glob("cy.*"))
    assert not list(Path("look/preview").glob("cy.*"))
    assert Path("look/preview/mine.html").is_file()


@pytest.mark.usefixtures("workspace")
def test_a_stacked_edition_is_one_mail(newsletter: Terminal) -> None:
    _edit("form: separate", "form: stacked")

    answer = newsletter("compose", EDITION, "--out", "look", "--json")
    checked = newsletter("check", EDITION, "--json")

    assert list(answer.json["languages"]) == list(checked.json["languages"]) == ["mul"]
    assert Path(answer.json["languages"]["mul"]["eml"]).name == "mul.eml"
    assert _headings(Path("look")) == ["Findings", "English and Welsh in one mail"]


@pytest.mark.usefixtures("workspace")
def test_what_only_some_readers_get_is_on_the_sheet_too(newsletter: Terminal) -> None:
    _edit("  - kind: article", "  - kind: article\n    only_for: {segment: families}")

    newsletter("compose", EDITION, "--out", "look")

    assert _headings(Path("look")) == [
        "Findings", "English", "English, for families", "Welsh", "Welsh, for families",
    ]  # fmt: skip
    assert {one.name for one in Path("look").glob("*.html")} == {
        "cy.html", "en.html", "index.html",
    }  # fmt: skip


@pytest.mark.usefixtures("workspace")
def test_as_somebody_is_their_mail_in_their_language_with_links_that_open_nothing(
    newsletter: Terminal, sian: str
) -> None:
    answer = newsletter("compose", EDITION, "--as", sian.upper(), "--out", "look", "--json")

    assert list(answer.json["languages"]) == ["cy"]
    message = email.message_from_bytes(
        Path(answer.json["languages"]["cy"]["eml"]).read_bytes(), policy=email.policy.default
    )
    assert message["To"] == sian
    assert "Annwyl Siân Prydderch" in Path("look/cy.txt").read_text(encoding="utf-8")
    assert "Siân Prydderch" in _sheet(Path("look")).text_content()
    anybody = newsletter("compose", EDITION, "--language", "cy", "--json").json["languages"]["cy"]
    links = [_links(Path(one)) for one in (anybody["html"], "look/cy.html")]
    assert links[0] == links[1]


def _links(page: Path) -> list[str]:
    """Where the links of a page lead: tokens of somebody's own would differ from anybody's."""
    document = lxml.html.document_fromstring(page.read_text(encoding="utf-8"))
    return [str(link.get("href")) for link in document.iter("a")]


@pytest.mark.usefixtures("workspace")
def test_as_somebody_in_another_language_when_one_is_named(newsletter: Terminal, sian: str) -> None:
    answer = newsletter("compose", EDITION, "--as", sian, "--language", "en", "--json")

    assert list(answer.json["languages"]) == ["en"]


@pytest.mark.usefixtures("workspace")
def test_as_nobody_on_the_list_is_2(newsletter: Terminal) -> None:
    answer = newsletter("compose", EDITION, "--as", "nobody@example.org")

    assert answer.code == 2
    assert "nobody on the list" in answer.err
    assert answer.out == ""


def test_as_somebody_without_a_workspace_is_2(
    newsletter: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "alone"
    shutil.copytree(examples_folder() / "editions" / "2026-11", folder)
    monkeypatch.chdir(folder)

    answer = newsletter("compose", "edition.yaml", "--as", SIAN)

    assert answer.code == 2
    assert "no workspace" in answer.err


def test_as_somebody_without_a_database_is_3(newsletter: Terminal, workspace: Path) -> None:
    next((workspace / "data").glob("*.db")).unlink()

    answer = newsletter("compose", EDITION, "--as", SIAN)

    assert answer.code == 3
    assert "Traceback" not in answer.err
