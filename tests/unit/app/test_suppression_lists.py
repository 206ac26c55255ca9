"""Suppressions as files, taken in and given out."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from newsletter.app.suppressing import all_suppressions, suppress
from newsletter.app.suppression_lists import (
    SuppressionOrder,
    SuppressionResult,
    export_suppressions,
    import_suppressions,
)
from newsletter.app.workspace import Workspace
from newsletter.audience import suppressions
from newsletter.audience.suppressed_targets import Target
from newsletter.audience.suppressions import NewSuppression
from newsletter.domain.errors import FaultyFile
from newsletter.domain.people import Suppression, SuppressionReason
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import audit
from tests.workspaces import a_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "workspace") as workspace:
        yield workspace


def taken_in(workspace: Workspace, text: str, *, dry_run: bool = False) -> SuppressionResult:
    file = workspace.settings.folder / "left.csv"
    file.write_text(text, encoding="utf-8", newline="")
    order = SuppressionOrder(file, SuppressionReason.IMPORTED, "", "mair", dry_run=dry_run)
    return import_suppressions(workspace, order)


def listed(workspace: Workspace) -> dict[str, str]:
    return {one.target: one.reason for one in all_suppressions(workspace)}


def given_out(workspace: Workspace, *, as_json: bool = False) -> str:
    out = io.StringIO(newline="")
    export_suppressions(workspace, out, as_json=as_json, actor="mair")
    return out.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "dai@example.org\r\n@example.com\r\n",
        "Email Address,First Name\nDai@example.org,Dai\n@example.com,\n",
        "domain,email\n,dai@example.org\nexample.com,\n",
        "ADDRESS,reason\ndai@example.org,\n'@example.com,imported\n",
    ],
)
def test_addresses_and_domains_are_found_under_their_usual_names(
    workspace: Workspace, text: str
) -> None:
    result = taken_in(workspace, text)

    assert (result.read, result.suppressed) == (2, 2)
    assert listed(workspace) == {"dai@example.org": "imported", "@example.com": "imported"}


def test_a_list_of_another_program_is_read_whatever_it_is_written_in(workspace: Workspace) -> None:
    file = workspace.settings.folder / "gadael.csv"
    text = "Email;Evidence\r\ndai@example.org;llythyr Siân, 3 Mai\r\n"
    file.write_bytes(text.encode("utf-16"))

    import_suppressions(
        workspace, SuppressionOrder(file, SuppressionReason.REQUEST, "", actor="mair")
    )

    (dai,) = all_suppressions(workspace)
    assert (dai.reason, dai.evidence) == ("request", "llythyr Siân, 3 Mai")


def test_a_file_without_any_such_column_is_refused(workspace: Workspace) -> None:
    with pytest.raises(FaultyFile, match="no column is called address"):
        taken_in(workspace, "name,telephone\nDai,1\n")


def test_good_rows_go_in_and_every_fault_is_told_with_its_line(workspace: Workspace) -> None:
    result = taken_in(
        workspace,
        "address,reason,at\n"
        "dai@example.org,complaint,2024-05-03T09:00:00+01:00\n"
        "nobody,,\n"
        "eleri@example.org,complained,\n"
        "sian@example.org,erased,\n"
        ",manual,\n"
        "tom@example.org,,yesterday\n"
        "dai@example.org,request,\n",
    )

    assert result.as_json() | {"rejections": []} == {
        "read": 7,
        "suppressed": 1,
        "unchanged": 1,
        "rejected": 5,
        "rejections": [],
    }
    assert [line for line, _ in result.rejections] == [3, 4, 5, 6, 7]
    assert "Did you mean complaint?" in result.rejections[1][1]
    (dai,) = all_suppressions(workspace)
    assert (dai.reason, dai.evidence) == ("complaint", "import of left.csv")
    assert dai.at == datetime(2024, 5, 3, 8, tzinfo=UTC)


def test_the_same_file_again_changes_nothing_and_an_earlier_reason_stays(
    workspace: Workspace,
) -> None:
    suppress(
        workspace,
        "dai@example.org",
        reason=SuppressionReason.COMPLAINT,
        evidence="a letter",
        actor="mair",
    )

    first = taken_in(workspace, "dai@example.org\neleri@example.org\n")
    second = taken_in(workspace, "dai@example.org\neleri@example.org\n")

    assert (first.suppressed, first.unchanged) == (1, 1)
    assert (second.suppressed, second.unchanged) == (0, 2)
    assert listed(workspace) == {"dai@example.org": "complaint", "eleri@example.org": "imported"}


def test_a_dry_run_says_the_same_and_changes_nothing(workspace: Workspace) -> None:
    text = "".join(f"reader{number}@example.org\n" for number in range(700)) + "nobody\n"

    rehearsed = taken_in(workspace, text, dry_run=True)

    assert listed(workspace) == {}
    assert taken_in(workspace, text) == rehearsed
    assert len(listed(workspace)) == 700


def test_an_empty_list_is_still_a_csv_and_a_json_document(workspace: Workspace) -> None:
    assert given_out(workspace) == "address,reason,at,evidence\r\n"
    assert json.loads(given_out(workspace, as_json=True)) == []


def test_taking_in_and_giving_out_are_audited(workspace: Workspace) -> None:
    """X15"""
    taken_in(workspace, "dai@example.org\n")
    given_out(workspace)

    with reading(workspace.engine) as connection:
        query = select(audit).where(audit.c.action.like("suppressions %")).order_by(audit.c.id)
        lines = [(row.actor, row.action, row.detail) for row in connection.execute(query)]
    assert lines == [
        ("mair", "suppressions import", "left.csv: 1 rows"),
        ("mair", "suppressions export", "CSV"),
    ]


@pytest.mark.parametrize("name", ["=dai", "+dai", "-dai", "dai"])
def test_no_cell_of_the_csv_is_a_formula(workspace: Workspace, name: str) -> None:
    """X10"""
    taken_in(workspace, f"{name}@example.org\n")

    assert all(line[0] in "'ad" for line in given_out(workspace).splitlines())


def test_what_is_given_out_comes_back_as_it_was(tmp_path: Path) -> None:
    """L4: also those who were erased stay off the list."""
    with a_workspace(tmp_path / "old") as old:
        seal = old.seals.seal("erased@example.org")
        _suppress(old, Suppression(seal, SuppressionReason.ERASED, "erased", old.now()))
        taken_in(old, '@example.com\n"=dai@example.org"\n')
        before, text = all_suppressions(old), given_out(old)
        with writing(old.engine) as connection:
            for one in before:
                target = Target(one.target)
                suppressions.lift(
                    connection, target, old.seals, reason="test", actor="mair", at=old.now()
                )

        assert all_suppressions(old) == []
        assert taken_in(old, text).suppressed == 3
        assert all_suppressions(old) == before


@given(st.lists(st.text(alphabet="ab@.,;\"'= \r\n\0é", max_size=20), max_size=8))
def test_rows_add_up_whatever_stands_in_the_file(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    with a_workspace(tmp_path_factory.mktemp("any") / "workspace") as workspace:
        try:
            result = taken_in(workspace, "\n".join(lines))
        except FaultyFile:
            return
        assert result.suppressed == len(listed(workspace))
        assert result.read == result.suppressed + result.unchanged + len(result.rejections)


def _suppress(workspace: Workspace, one: Suppression) -> None:
    new = NewSuppression(Target(one.target), one.reason, one.evidence)
    with writing(workspace.engine) as connection:
        suppressions.suppress(connection, new, workspace.seals, actor="mair", at=one.at)
