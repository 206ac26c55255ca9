"""Giving the list out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TextIO

import pytest
from sqlalchemy import Engine, select

from newsletter.app.exporting import export_csv, export_json
from newsletter.audience import leaving, subscribers, topics
from newsletter.audience.grounds import Grounds
from newsletter.audience.joining import add_people
from newsletter.audience.person import Person
from newsletter.domain.people import Basis
from newsletter.mail.addresses import parse_address
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import audit
from tests.builders import some_seals

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
GROUNDS = Grounds(Basis.CONSENT, "form", None, "mair", NOW)
Export = Callable[..., int]


def fill(engine: Engine, *people: tuple[str, str]) -> None:
    with writing(engine) as connection:
        bulletin = topics.add_topic(
            connection, "bulletin", names={"en": "B"}, private=False, actor="mair", now=NOW
        )
        everyone = [Person(parse_address(address), name) for address, name in people]
        add_people(
            connection, everyone, bulletin, GROUNDS, default_language="cy", seals=some_seals()
        )


def written(export: Export, engine: Engine) -> str:
    out: TextIO = io.StringIO(newline="")
    export(engine, out, actor="mair", now=NOW)
    out.seek(0)
    return out.read()


def test_the_csv_holds_a_row_for_each_subscription(migrated_engine: Engine) -> None:
    fill(migrated_engine, ("dai@example.org", "Dai"), ("ann@example.org", ""))
    with writing(migrated_engine) as connection:
        ann = subscribers.subscriber(connection, "ann@example.org")
        leaving.leave_all(connection, ann.id, source="page", actor="reader", at=NOW)

    text = written(export_csv, migrated_engine)

    assert text == (
        "email,name,language,topic,status,basis,since\r\n"
        "dai@example.org,Dai,cy,bulletin,active,consent,2026-10-05T09:00:00+00:00\r\n"
        "ann@example.org,,cy,bulletin,unsubscribed,consent,2026-10-05T09:00:00+00:00\r\n"
    )


def test_cells_are_quoted_where_they_must_be(migrated_engine: Engine) -> None:
    """X10, RFC 4180 section 2"""
    fill(migrated_engine, ("dai@example.org", 'Dai "the Post", Bangor'))

    text = written(export_csv, migrated_engine)

    assert 'dai@example.org,"Dai ""the Post"", Bangor",cy' in text
    assert next(csv.reader(text.splitlines()[1:], strict=True))[1] == 'Dai "the Post", Bangor'


@pytest.mark.parametrize("name", ["=1+1", "+44", "-1", "@SUM(A1)", '"=1', "'=1", " =1"])
def test_no_cell_of_the_csv_is_a_formula(migrated_engine: Engine, name: str) -> None:
    """X10"""
    fill(migrated_engine, ("=dai@example.org", name))

    _, row = csv.reader(written(export_csv, migrated_engine).splitlines(), strict=True)

    assert row[:2] == ["'=dai@example.org", f"'{name}"]


def test_the_json_gives_everything_as_it_is(migrated_engine: Engine) -> None:
    """X10"""
    fill(migrated_engine, ("dai@example.org", "=Dâi"), ("ann@example.org", ""))

    first, second = json.loads(written(export_json, migrated_engine))

    assert first == {
        "email": "dai@example.org",
        "name": "=Dâi",
        "language": "cy",
        "topic": "bulletin",
        "status": "active",
        "basis": "consent",
        "since": "2026-10-05T09:00:00+00:00",
    }
    assert second["email"] == "ann@example.org"


def test_an_empty_list_is_still_a_csv_and_a_json_document(migrated_engine: Engine) -> None:
    fill(migrated_engine)

    assert written(export_csv, migrated_engine).count("\r\n") == 1
    assert json.loads(written(export_json, migrated_engine)) == []


@pytest.mark.parametrize(("export", "form"), [(export_csv, "CSV"), (export_json, "JSON")])
def test_an_export_is_audited(migrated_engine: Engine, export: Export, form: str) -> None:
    """X15"""
    fill(migrated_engine)

    written(export, migrated_engine)

    with reading(migrated_engine) as connection:
        query = select(audit).where(audit.c.action == "subscribers export")
        row = connection.execute(query).one()
    assert (row.actor, row.detail, row.at) == ("mair", form, NOW)


@pytest.mark.parametrize("export", [export_csv, export_json])
def test_an_export_says_how_many_rows_it_gave(migrated_engine: Engine, export: Export) -> None:
    fill(migrated_engine, ("dai@example.org", ""), ("ann@example.org", ""))

    assert export(migrated_engine, io.StringIO(), actor="mair", now=NOW) == 2
