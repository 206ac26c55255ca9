"""Giving the list out as CSV, from either database."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select, update

from newsletter.app.csv_cells import unescape_cell
from newsletter.app.exporting import ExportOrder, attribute_cell, export_columns, export_csv
from newsletter.app.segmenting import add_segment
from newsletter.app.workspace import Workspace, keys_file
from newsletter.audience import leaving, subscribers, suppressions, topics
from newsletter.audience.grounds import Grounds
from newsletter.audience.joining import add_people
from newsletter.audience.person import Person
from newsletter.audience.suppressed_targets import parse_target
from newsletter.audience.suppressions import NewSuppression
from newsletter.domain.attributes import AttributeType, AttributeValue, read_value
from newsletter.domain.errors import BadInput
from newsletter.domain.people import Basis, SuppressionReason
from newsletter.mail.addresses import parse_address
from newsletter.settings.model import FileSettings
from newsletter.settings.tables import Attribute, Mail, Sender, Site
from newsletter.storage.engine import reading, writing
from newsletter.storage.schema import audit, subscriptions
from newsletter.storage.schema import subscribers as people_rows
from newsletter.tokens.key_ring import create_key_ring

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
GROUNDS = Grounds(Basis.CONSENT, "form", None, "mair", NOW)
ORDER = ExportOrder("mair")


@pytest.fixture
def workspace(migrated_engine: Engine, tmp_path: Path) -> Workspace:
    """A list that knows of people's counties, visits and rights, with two topics."""
    kinds = {"county": AttributeType.TEXT, "visits": AttributeType.NUMBER}
    settings = FileSettings.of_folder(
        tmp_path,
        site=Site(name="House", base_url="https://news.example.org", languages=["en", "cy"]),
        sender=Sender(address="news@example.org"),
        mail=Mail(domain="news.example.org", bounce_address="bounces@news.example.org"),
        attributes={name: Attribute(type=kind) for name, kind in kinds.items()},
    )
    create_key_ring(keys_file(settings))
    workspace = Workspace(settings=settings, engine=migrated_engine, now=lambda: NOW)
    with writing(migrated_engine) as connection:
        for slug in ("bulletin", "events"):
            topics.add_topic(
                connection, slug, names={"en": slug}, private=False, actor="mair", now=NOW
            )
    return workspace


def fill(workspace: Workspace, *people: tuple[str, str], topic: str = "bulletin") -> None:
    everyone = [Person(parse_address(address), name) for address, name in people]
    with writing(workspace.engine) as connection:
        chosen = topics.topic(connection, topic)
        seals = workspace.seals
        add_people(connection, everyone, chosen, GROUNDS, default_language="cy", seals=seals)


def set_attributes(workspace: Workspace, **values: AttributeValue) -> None:
    with writing(workspace.engine) as connection:
        connection.execute(update(people_rows).values(attributes=values))


def suppress(workspace: Workspace, target: str, reason: SuppressionReason) -> None:
    new = NewSuppression(parse_target(target), reason)
    with writing(workspace.engine) as connection:
        suppressions.suppress(connection, new, workspace.seals, actor="mair", at=NOW)


def written(workspace: Workspace, order: ExportOrder = ORDER) -> str:
    out = io.StringIO(newline="")
    export_csv(workspace, order, out)
    return out.getvalue()


def rows(workspace: Workspace, *columns: str) -> list[list[str]]:
    text = written(workspace, replace(ORDER, columns=columns))
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))[1:]


def test_the_csv_holds_a_row_for_each_subscription(workspace: Workspace) -> None:
    fill(workspace, ("dai@example.org", "Dai"), ("ann@example.org", ""))
    fill(workspace, ("dai@example.org", ""), topic="events")
    set_attributes(workspace, county="Powys", visits=3, tags=["a", "b, c"])
    with writing(workspace.engine) as connection:
        ann = subscribers.subscriber(connection, "ann@example.org")
        at = NOW + timedelta(seconds=0.25)
        leaving.leave_all(connection, ann.id, source="page", actor="reader", at=at)

    text = written(workspace)

    facts = 'cy,html,Powys,3,"a,""b, c""",'
    assert text == (
        "email,name,language,format,county,visits,tags,topic,status,basis,since,suppression\r\n"
        f"dai@example.org,Dai,{facts}bulletin,active,consent,2026-10-05T09:00:00+00:00,\r\n"
        f"dai@example.org,Dai,{facts}events,active,consent,2026-10-05T09:00:00+00:00,\r\n"
        f"ann@example.org,,{facts}bulletin,unsubscribed,consent,"
        "2026-10-05T09:00:00.250000+00:00,\r\n"
    )


def test_who_is_suppressed_is_told_with_the_reason(workspace: Workspace) -> None:
    fill(workspace, ("dai@example.org", ""), ("ann@example.com", ""), ("eleri@example.net", ""))
    suppress(workspace, "dai@example.org", SuppressionReason.COMPLAINT)

    assert rows(workspace, "email", "suppression") == [
        ["dai@example.org", "complaint"],
        ["ann@example.com", ""],
        ["eleri@example.net", ""],
    ]
    suppress(workspace, "@example.com", SuppressionReason.REQUEST)
    suppress(workspace, "@example.org", SuppressionReason.MANUAL)
    assert [row[0] for row in rows(workspace, "suppression")] == ["complaint", "request", ""]


def test_columns_are_chosen_in_any_order_and_a_topic_alone(workspace: Workspace) -> None:
    fill(workspace, ("dai@example.org", "Dai"))
    fill(workspace, ("ann@example.org", "Ann"), topic="events")

    text = written(workspace, ExportOrder("mair", "events", columns=("topic", "county", "email")))

    assert text == "topic,county,email\r\nevents,,ann@example.org\r\n"


def test_the_people_of_a_segment_are_given_out_alone(workspace: Workspace) -> None:
    fill(workspace, ("dai@example.org", "Dai"))
    set_attributes(workspace, county="Powys")
    fill(workspace, ("ann@example.org", "Ann"))
    add_segment(workspace, "powys", 'county = "Powys"', replace=False, actor="mair")

    text = written(workspace, ExportOrder("mair", segment="powys", columns=("email",)))

    assert text == "email\r\ndai@example.org\r\n"


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (ExportOrder("mair", columns=("email", "countys")), "Did you mean county"),
        (ExportOrder("mair", columns=("qqq",)), "The columns are: email, name"),
        (ExportOrder("mair", columns=("email", "email")), "asked for twice"),
        (ExportOrder("mair", topic="evnts"), "no topic evnts"),
        (ExportOrder("mair", segment="powis"), "powis"),
    ],
)
def test_what_there_is_not_is_refused_and_nothing_is_given_out(
    workspace: Workspace, order: ExportOrder, words: str
) -> None:
    out = io.StringIO()

    with pytest.raises(BadInput, match=words):
        export_csv(workspace, order, out)

    assert out.getvalue() == ""


def test_people_without_any_subscription_are_not_on_the_list(workspace: Workspace) -> None:
    fill(workspace, ("dai@example.org", ""), ("ann@example.org", ""))
    with writing(workspace.engine) as connection:
        ann = subscribers.subscriber(connection, "ann@example.org")
        connection.execute(delete(subscriptions).where(subscriptions.c.subscriber_id == ann.id))

    assert rows(workspace, "email") == [["dai@example.org"]]


def test_an_empty_list_is_still_a_csv_document(workspace: Workspace) -> None:
    assert written(workspace) == ",".join(export_columns(workspace)) + "\r\n"


def test_an_export_is_audited_with_its_columns(workspace: Workspace) -> None:
    """X15"""
    written(workspace, ExportOrder("mair", columns=("email", "name")))

    with reading(workspace.engine) as connection:
        row = connection.execute(select(audit).where(audit.c.action == "subscribers export")).one()
    assert (row.actor, row.detail, row.at) == ("mair", "CSV: email, name", NOW)


def test_an_export_tells_how_far_it_is_and_how_many_rows_it_gave(workspace: Workspace) -> None:
    fill(workspace, ("dai@example.org", ""), ("ann@example.org", ""))
    told: list[tuple[int, int]] = []

    number = export_csv(
        workspace, ORDER, io.StringIO(), progress=lambda done, total: told.append((done, total))
    )

    assert number == 2
    assert told == [(2, 2)]


@pytest.mark.parametrize("name", ["=1+1", "+44", "-1", "@SUM(A1)", '"=1', "'=1", " =1"])
def test_no_cell_of_the_csv_is_a_formula(workspace: Workspace, name: str) -> None:
    """X10"""
    fill(workspace, ("=dai@example.org", name))
    set_attributes(workspace, county=name, tags=[name])

    ((email, *others),) = rows(workspace, "email", "name", "county")

    assert email == "'=dai@example.org"
    assert others == [f"'{name}"] * 2
    assert rows(workspace, "tags")[0][0].startswith("'")


names = st.text(alphabet="aé =+-@'\",;|", max_size=12).map(str.strip)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(st.lists(names, min_size=1, max_size=6))
def test_what_is_given_out_is_read_back_as_it_was(workspace: Workspace, given: list[str]) -> None:
    """X10, RFC 4180"""
    with writing(workspace.engine) as connection:
        connection.execute(delete(subscriptions))
    people = [
        (f"p{len(given)}.{number}.{hash(tuple(given)) % 997}@example.org", name)
        for number, name in enumerate(given)
    ]
    fill(workspace, *people)
    with writing(workspace.engine) as connection:
        for address, name in people:
            theirs = people_rows.c.canonical == address
            values = {"county": name} if name else {}
            connection.execute(
                update(people_rows).where(theirs).values(name=name, attributes=values)
            )

    found = rows(workspace, "email", "name", "county")

    read = sorted([unescape_cell(cell) for cell in row] for row in found)
    assert read == sorted([address, name, name] for address, name in people)


@given(st.lists(st.text(alphabet="ab ,\"'=", min_size=1, max_size=6).map(str.strip), max_size=5))
def test_a_list_is_written_so_that_it_is_read_as_the_same_list(entries: list[str]) -> None:
    stored = sorted(set(entries) - {""})
    cell = attribute_cell(list(stored))

    assert (read_value(AttributeType.LIST, cell) if cell else []) == stored


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (AttributeType.BOOLEAN, True),
        (AttributeType.BOOLEAN, False),
        (AttributeType.NUMBER, 12.5),
        (AttributeType.DATE, "2026-10-31"),
        (AttributeType.TEXT, "Ynys Môn"),
    ],
)
def test_every_value_is_written_as_an_import_reads_it(
    kind: AttributeType, value: AttributeValue
) -> None:
    assert read_value(kind, attribute_cell(value)) == value
