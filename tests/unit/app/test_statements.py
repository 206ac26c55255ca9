"""What a house says of itself: the workspace's own files, or those that the program ships."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newsletter.app.statements import Statements
from newsletter.domain.errors import SurroundingsFailed
from newsletter.domain.statements import StatementKind
from newsletter.i18n import languages
from newsletter.settings.model import FileSettings
from newsletter.settings.tables import Mail, Retention, Sender, Site

PRIVACY = StatementKind.PRIVACY


def settings(folder: Path, *spoken: str, ips: int = 90) -> FileSettings:
    (folder / "brand").mkdir(exist_ok=True)
    (folder / "brand" / "brand.toml").write_text(
        '[name]\nen = "Aber *Valley* Council"\ncy = "Cyngor Cwm Aber"\n'
        '[postal_address]\nen = """Mill Lane\nAber"""\n',
        encoding="utf-8",
    )
    return FileSettings.of_folder(
        folder,
        site=Site(name="Aber", base_url="https://news.example.org", languages=list(spoken)),
        sender=Sender(address="news_team@example.org"),
        mail=Mail(domain="news.example.org", bounce_address="bounces@news.example.org"),
        retention=Retention(ips=ips),
    )


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / "pages" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("kind", StatementKind)
@pytest.mark.parametrize("language", languages())
def test_every_statement_is_shipped_in_every_language_that_the_program_speaks(
    tmp_path: Path, kind: StatementKind, language: str
) -> None:
    """L8, L9."""
    statement = Statements(settings(tmp_path, "en", "cy")).statement(kind, language)

    assert statement.language == language
    assert "<h2>" in statement.html
    assert statement.places


@pytest.mark.parametrize("kind", StatementKind)
def test_the_shipped_statements_ask_for_the_same_in_every_language(
    tmp_path: Path, kind: StatementKind
) -> None:
    statements = Statements(settings(tmp_path, "en", "cy"))

    shown = [statements.statement(kind, one) for one in languages()]

    assert len({len(one.places) for one in shown}) == 1
    for element in ("<h2>", "<li>", "<a ", "<p>"):
        assert len({one.html.count(element) for one in shown}) == 1


def test_what_the_program_knows_is_filled_in(tmp_path: Path) -> None:
    """L6: the days are those of the settings."""
    html = Statements(settings(tmp_path, "en", ips=17)).statement(PRIVACY, "en").html

    assert "Aber *Valley* Council" in html
    assert "Mill Lane, Aber" in html
    assert '<a href="mailto:news_team@example.org">news_team@example.org</a>' in html
    assert "from which you agreed: 17 days" in html
    assert 'href="/en/my-link"' in html


def test_the_workspaces_own_file_comes_first(tmp_path: Path) -> None:
    write(tmp_path, "privacy.en.md", "# Ours\n\nWe know *nothing*.")

    statement = Statements(settings(tmp_path, "en", "cy")).statement(PRIVACY, "en")

    assert statement.html == "<h2>Ours</h2>\n<p>We know <em>nothing</em>.</p>"
    assert statement.places == ()


def test_a_fact_that_nobody_knows_is_a_place_to_be_filled_in(tmp_path: Path) -> None:
    write(tmp_path, "privacy.en.md", "Ask {nobody}.")

    assert Statements(settings(tmp_path, "en")).statement(PRIVACY, "en").places == ("[nobody]",)


def test_a_file_that_changes_is_read_anew_and_has_another_digest(tmp_path: Path) -> None:
    """L1: the record of what somebody agreed to names the words of that day."""
    file = write(tmp_path, "privacy.en.md", "Before")
    statements = Statements(settings(tmp_path, "en"))
    before = statements.privacy_digest("en")

    write(tmp_path, "privacy.en.md", "After!")
    os.utime(file, ns=(1, 1))

    assert statements.statement(PRIVACY, "en").html == "<p>After!</p>"
    assert statements.privacy_digest("en") != before


def test_a_language_without_a_statement_has_that_of_the_sites_first(tmp_path: Path) -> None:
    statement = Statements(settings(tmp_path, "cy", "pl")).statement(PRIVACY, "pl")

    assert statement.language == "cy"


def test_a_variety_of_a_language_has_the_languages_own_statement(tmp_path: Path) -> None:
    assert Statements(settings(tmp_path, "cy-GB")).statement(PRIVACY, "cy-GB").language == "cy-GB"


def test_a_site_that_speaks_nothing_of_ours_has_the_english_statement(tmp_path: Path) -> None:
    assert Statements(settings(tmp_path, "pl")).statement(PRIVACY, "pl").language == "en"


def test_what_is_to_be_filled_in_is_told_file_by_file(tmp_path: Path) -> None:
    write(tmp_path, "privacy.en.md", "By [name].")
    write(tmp_path, "accessibility.en.md", "All is well.")

    told = list(Statements(settings(tmp_path, "en")).unfilled())

    assert told == ["pages/privacy.en.md: 1 to be filled in: [name]"]


def test_of_a_statement_that_is_the_shipped_one_it_is_told_where_a_file_is_to_be(
    tmp_path: Path,
) -> None:
    write(tmp_path, "accessibility.en.md", "All is well.")

    (told,) = Statements(settings(tmp_path, "en")).unfilled()

    assert told.startswith("pages/privacy.en.md is not there, and the shipped text has ")
    assert " to be filled in: [" in told


def test_a_statement_that_cannot_be_read_names_its_file(tmp_path: Path) -> None:
    write(tmp_path, "privacy.en.md", "").write_bytes(b"\xff\xfe")

    with pytest.raises(SurroundingsFailed, match=r"privacy\.en\.md: a statement cannot be read"):
        Statements(settings(tmp_path, "en")).statement(PRIVACY, "en")
