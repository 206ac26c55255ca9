"""The sheet of an edition on the command line, from the import to the day after."""

from __future__ import annotations

from pathlib import Path

from tests.terminal import Terminal

EDITION = "editions/first-edition/edition.yaml"


def test_a_sheet_can_be_had_at_every_step(newsletter: Terminal, workspace: Path) -> None:
    for email, language in {"tom@example.org": "en", "sian@example.org": "cy"}.items():
        newsletter(
            "subscribers", "add", email, "--topic", "monthly-bulletin",
            "--language", language, "--basis", "consent",
        )  # fmt: skip
    newsletter("edition", "import", EDITION)

    draft = newsletter("edition", "sheet", "first-edition")
    drafted = Path(draft.out.strip()).read_text(encoding="utf-8")
    approved = newsletter("edition", "approve", "first-edition", "--by", "Mared", "--json")
    before = newsletter("edition", "sheet", "first-edition", "--language", "cy", "--json")
    newsletter("send", "run", "first-edition", "--yes")
    after = newsletter("edition", "sheet", "first-edition", "--out", "sent.html")

    assert (draft.code, draft.err) == (0, "")
    assert Path(draft.out.strip()) == workspace / "data" / "sheets" / "first-edition.html"
    assert "NOT APPROVED" in drafted
    assert before.json == {
        "edition": "first-edition", "state": "approved", "revision": 1, "approved": True,
        "digest": approved.json["digest"], "language": "cy", "sheet": draft.out.strip(),
    }  # fmt: skip
    assert "Cymeradwywyd gan" in Path(before.json["sheet"]).read_text(encoding="utf-8")
    assert after.code == 0
    sent = (workspace / "sent.html").read_text(encoding="utf-8")
    assert "complete: nobody is left to be tried" in sent
    assert approved.json["digest"] in sent


def test_a_sheet_of_nothing_or_in_no_language_is_refused_with_the_way_out(
    newsletter: Terminal, workspace: Path
) -> None:
    newsletter("edition", "import", EDITION)

    unknown = newsletter("edition", "sheet", "2030-01")
    in_french = newsletter("edition", "sheet", "first-edition", "--language", "fr")
    onto_a_folder = newsletter("edition", "sheet", "first-edition", "--out", workspace / "data")

    assert (unknown.code, in_french.code, onto_a_folder.code) == (2, 2, 2)
    assert "newsletter edition list" in unknown.err
    assert "cy, en" in in_french.err
    assert "Name a file" in onto_a_folder.err
