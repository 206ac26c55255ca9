"""An edition for a segment, with sections for others, in both formats: what the server received."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from newsletter.app import approving, edition_status, segmenting
from newsletter.app.composing import check_file
from newsletter.app.editing import import_edition
from newsletter.app.readers.editions_online import EditionsOnline
from newsletter.app.sending import Sender
from newsletter.app.workshop import workshop_of
from newsletter.app.workspace import Workspace
from newsletter.domain.errors import BadInput, Refused
from newsletter.storage.engine import writing
from newsletter.storage.schema import retired_deliveries, subscribers
from tests.independent_decoder import Part, decode_words, read_part
from tests.sample_messages import bodies, body
from tests.smtp_server import RecordingServer
from tests.workspaces import TOPIC, a_workspace, edition_file, import_people

SLUG = "2026-12"
EDITION = """\
edition: "2026-12"
topic: monthly-bulletin
languages: [en, cy]
form: {form}
segment: {segment}
subject: {{en: "News for {{county|your area}}", cy: "Newyddion i {{county|eich ardal}}"}}
preheader:
  en: "What is new in {{county|your area}} this month, in a few short lines for you."
  cy: "Beth sy’n newydd yn {{county|eich ardal}} y mis hwn, mewn ychydig o linellau byr."
sections:
  - kind: letter
    heading: {{en: "For all", cy: "I bawb"}}
    body: {{en: "You live in {{county|your area}}.", cy: "Rydych yn byw yn {{county|eich ardal}}."}}
  - kind: letter
    only_for: {{segment: farmers}}
    heading: {{en: "For farmers", cy: "I ffermwyr"}}
    body: {{en: "Hay is made.", cy: "Mae’r gwair wedi’i gywain."}}
  - kind: letter
    only_for: {{segment: press, language: en}}
    heading: {{en: "For the press"}}
    body: {{en: "Not before noon."}}
"""
FARMER = {"county": "Powys", "tags": ["Farm"]}
FARMING_PRESS = {"county": "Conwy & Môn", "tags": ["Farm", "Press"]}


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer() as server:
        yield server


@pytest.fixture
def workspace(tmp_path: Path, server: RecordingServer) -> Iterator[Workspace]:
    folder = tmp_path / "workspace"
    with a_workspace(folder):
        settings = folder / "newsletter.toml"
        text = settings.read_text(encoding="utf-8")
        declared = '\n[attributes]\ncounty = { type = "text" }\nherd = { type = "number" }\n'
        settings.write_text(text + declared, encoding="utf-8")
    with a_workspace(folder, relay=server.url) as workspace:
        import_people(workspace)
        yield workspace


def _add_segments(workspace: Workspace) -> None:
    for name, rule in {
        "known": "county is set",
        "farmers": 'tags has "Farm"',
        "press": 'tags has "Press"',
    }.items():
        segmenting.add_segment(workspace, name, rule, replace=False, actor="test")


def _card(workspace: Workspace, address: str, **values: Any) -> None:
    with writing(workspace.engine) as connection:
        changed = connection.execute(
            update(subscribers).where(subscribers.c.canonical == address).values(values)
        )
    assert changed.rowcount == 1


def _import(workspace: Workspace, segment: str = "null", *, form: str = "separate") -> None:
    file = edition_file(workspace, SLUG)
    file.parent.mkdir(exist_ok=True)
    file.write_text(EDITION.format(segment=segment, form=form), encoding="utf-8")
    import_edition(workspace, file, actor="test")


@dataclass
class Mail:
    """What the server received for one person."""

    whole: Part
    texts: list[str]

    @property
    def subject(self) -> str:
        return decode_words(self.whole.one("Subject"))


def _received(server: RecordingServer) -> dict[str, Mail]:
    found = {}
    for one in server.messages:
        message = read_part(one.content)
        is_text = message.one("Content-Type").startswith("text/plain")
        found[one.rcpt_to] = Mail(
            message, [body(message)] if is_text else list(bodies(one.content))
        )
    return found


def test_everybody_of_the_segment_gets_their_sections_values_and_format(
    workspace: Workspace, server: RecordingServer
) -> None:
    _add_segments(workspace)
    _card(workspace, "angharad@example.org", attributes=FARMER)
    _card(workspace, "sion.tymawr@example.org", attributes=FARMING_PRESS, format="text")
    _card(workspace, "tom.ashgrove@example.org", attributes=FARMING_PRESS)
    _card(workspace, "priya.nair@example.org", attributes={"county": "Ceredigion", "herd": 5})
    _import(workspace, "known")
    approving.approve(workspace, SLUG, actor="test")

    report = Sender(workspace, "test").run(SLUG)

    assert report.exit_code == 0
    mails = _received(server)
    assert set(mails) == {
        "angharad@example.org",
        "sion.tymawr@example.org",
        "tom.ashgrove@example.org",
        "priya.nair@example.org",
    }
    angharad, sion = mails["angharad@example.org"], mails["sion.tymawr@example.org"]
    tom, priya = mails["tom.ashgrove@example.org"], mails["priya.nair@example.org"]
    assert angharad.subject == "Newyddion i Powys"
    for text in angharad.texts:
        assert "Rydych yn byw yn Powys." in text
        assert "I ffermwyr" in text
    assert (len(sion.texts), sion.subject) == (1, "Newyddion i Conwy & Môn")
    assert "I ffermwyr" in sion.texts[0]
    assert "press" not in sion.texts[0]  # that section is English alone
    assert "You live in Conwy & Môn." in tom.texts[0]
    assert "You live in Conwy &amp; Môn." in tom.texts[1]
    assert "What is new in Conwy &amp; Môn this month" in tom.texts[1]
    assert all("For farmers" in text and "For the press" in text for text in tom.texts)
    assert all("For all" in text and "farmers" not in text for text in priya.texts)


def test_who_is_in_no_segment_gets_what_everyone_gets_with_the_fallbacks(
    workspace: Workspace, server: RecordingServer
) -> None:
    _add_segments(workspace)
    _card(workspace, "tom.ashgrove@example.org", attributes=FARMER)
    _import(workspace)
    approving.approve(workspace, SLUG, actor="test")

    Sender(workspace, "test").run(SLUG)

    mails = _received(server)
    assert len(mails) == 12
    priya = mails["priya.nair@example.org"]
    assert priya.subject == "News for your area"
    assert all("You live in your area." in text for text in priya.texts)
    with_section = [to for to, mail in mails.items() if "Hay is made." in mail.texts[0]]
    assert with_section == ["tom.ashgrove@example.org"]


def test_a_stacked_edition_has_one_mail_for_each_combination(
    workspace: Workspace, server: RecordingServer
) -> None:
    _add_segments(workspace)
    _card(workspace, "angharad@example.org", attributes=FARMING_PRESS)
    _card(workspace, "tom.ashgrove@example.org", attributes=FARMER)
    _import(workspace, "farmers", form="stacked")
    approving.approve(workspace, SLUG, actor="test")

    Sender(workspace, "test").run(SLUG)

    mails = _received(server)
    assert edition_status.status(workspace, SLUG).languages == {"mul": 2}
    for mail in mails.values():
        assert all("For farmers" in text and "I ffermwyr" in text for text in mail.texts)
    assert "For the press" in mails["angharad@example.org"].texts[0]
    assert "For the press" not in mails["tom.ashgrove@example.org"].texts[0]
    assert mails["tom.ashgrove@example.org"].subject == "News for Powys / Newyddion i Powys"


def test_the_page_in_the_browser_shows_what_everyone_gets(
    workspace: Workspace, server: RecordingServer
) -> None:
    """Design, section 3."""
    _add_segments(workspace)
    _card(workspace, "tom.ashgrove@example.org", attributes=FARMER)
    _import(workspace, "farmers")
    approving.approve(workspace, SLUG, actor="test")
    Sender(workspace, "test").run(SLUG)
    (mail,) = _received(server).values()
    token = re.search(r"/en/view/([\w-]{47})", mail.texts[0])

    page = EditionsOnline(workspace).page(token[1] if token else "", "en")

    assert page is not None
    assert "For all" in page.content
    assert "For farmers" not in page.content


def test_the_rules_of_the_approval_hold_whatever_becomes_of_the_segments(
    workspace: Workspace, server: RecordingServer
) -> None:
    _add_segments(workspace)
    _card(workspace, "tom.ashgrove@example.org", attributes=FARMER)
    _import(workspace, "farmers")
    first = approving.approve(workspace, SLUG, actor="test")

    segmenting.add_segment(workspace, "farmers", "county is not set", replace=True, actor="test")
    Sender(workspace, "test").run(SLUG)

    assert list(_received(server)) == ["tom.ashgrove@example.org"]
    assert first.segment == "farmers"
    assert first.rules["farmers"].text == 'tags has "Farm"'


def test_another_rule_is_another_digest(workspace: Workspace) -> None:
    _add_segments(workspace)
    _import(workspace)
    first = approving.approve(workspace, SLUG, actor="test")
    again = approving.approve(workspace, SLUG, actor="test")
    segmenting.add_segment(workspace, "press", "name is set", replace=True, actor="test")

    other = approving.approve(workspace, SLUG, actor="test")

    assert first.digest == again.digest
    assert other.digest != first.digest


def test_an_edition_for_a_segment_that_is_not_there_is_not_approved(workspace: Workspace) -> None:
    _import(workspace, "farmers")

    with pytest.raises(Refused, match="no segment farmers") as caught:
        approving.approve(workspace, SLUG, actor="test")

    assert "newsletter segments add" in str(caught.value)
    assert edition_status.status(workspace, SLUG).expected == 0


def test_a_segment_that_is_changed_while_an_edition_is_approved_stops_the_approval(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    _add_segments(workspace)
    _import(workspace)
    publish = approving.publish

    def change_meanwhile(*given: Any) -> None:
        publish(*given)
        segmenting.add_segment(workspace, "press", "name is set", replace=True, actor="another")

    monkeypatch.setattr(approving, "publish", change_meanwhile)

    with pytest.raises(Refused, match="changed by somebody else meanwhile"):
        approving.approve(workspace, SLUG, actor="test")


def test_the_expected_audience_is_that_of_the_segment_in_each_language(
    workspace: Workspace,
) -> None:
    _add_segments(workspace)
    _card(workspace, "tom.ashgrove@example.org", attributes=FARMER)
    _card(workspace, "angharad@example.org", attributes=FARMER, language="fr")
    _card(workspace, "sion.tymawr@example.org", attributes=FARMER)
    _import(workspace, "farmers")
    drafted = edition_status.status(workspace, SLUG).as_json()
    approving.approve(workspace, SLUG, actor="test")
    approved = edition_status.status(workspace, SLUG).as_json()
    Sender(workspace, "test").run(SLUG)
    sent = edition_status.status(workspace, SLUG).as_json()

    for standing in (drafted, approved, sent):
        assert standing["expected"] == 3
        assert standing["languages"] == {"en": 2, "cy": 1}


def test_in_which_languages_it_went_is_known_of_rows_that_retention_took(
    workspace: Workspace,
) -> None:
    _add_segments(workspace)
    _import(workspace)
    approving.approve(workspace, SLUG, actor="test")
    Sender(workspace, "test").run(SLUG)
    with writing(workspace.engine) as connection:
        row = {"edition_id": 1, "state": "accepted", "reason": "", "language": "cy", "number": 3}
        connection.execute(insert(retired_deliveries).values(row))

    standing = edition_status.status(workspace, SLUG)

    assert standing.audience == 15
    assert sum(standing.languages.values()) == 15
    assert standing.languages["cy"] >= 3


def test_a_segment_of_an_edition_that_is_not_over_is_not_removed(workspace: Workspace) -> None:
    _add_segments(workspace)
    _card(workspace, "tom.ashgrove@example.org", attributes=FARMER)
    _import(workspace, "farmers")

    with pytest.raises(Refused, match=f"segment press is used by {SLUG}"):
        segmenting.remove_segment(workspace, "press", actor="test")
    approving.approve(workspace, SLUG, actor="test")
    Sender(workspace, "test").run(SLUG)
    segmenting.remove_segment(workspace, "press", actor="test")

    assert [one.name for one in segmenting.all_segments(workspace)] == ["farmers", "known"]


def test_only_texts_of_the_settings_are_merge_values(workspace: Workspace) -> None:
    _import(workspace)
    file = edition_file(workspace, SLUG)
    text = file.read_text(encoding="utf-8").replace("Hay is made.", "{herd|some} {tags|x} {town|y}")
    file.write_text(text, encoding="utf-8")

    findings = check_file(workshop_of(workspace.settings), file, workspace.now()).compiled.findings

    named = [one.message for one in findings if one.rule == "merge-unknown"]
    assert [name for name in ("herd", "tags", "town", "county") if name in str(named)] == [
        "herd",
        "tags",
        "town",
    ]


def test_a_segment_whose_attribute_is_gone_from_the_settings_says_so(workspace: Workspace) -> None:
    _add_segments(workspace)
    settings = workspace.settings
    without = settings.of_folder(
        settings.folder, **settings.model_dump(exclude={"attributes"}, exclude_unset=True)
    )
    changed = replace(workspace, settings=without)

    with pytest.raises(BadInput, match="nothing is known as") as caught:
        segmenting.count_segment(changed, "known", TOPIC)

    assert caught.value.where == "segment known"
