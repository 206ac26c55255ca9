"""Suppressions on a migrated database: by address, by domain, and after an erasure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, insert, select, update

from newsletter.audience import suppressions
from newsletter.audience.suppressed_targets import Target, parse_target
from newsletter.audience.suppressions import NewSuppression
from newsletter.domain.errors import BadInput, Refused
from newsletter.domain.people import Suppression, SuppressionReason
from newsletter.storage.engine import writing
from newsletter.storage.schema import audit, imports
from newsletter.storage.schema import suppressions as rows
from tests.builders import some_seals

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
SEALS = some_seals()
SEAL = SEALS.seal("dai@example.org")


@pytest.fixture
def connection(migrated_engine: Engine) -> Iterator[Connection]:
    with writing(migrated_engine) as connection:
        yield connection


def suppress(
    connection: Connection,
    target: str,
    *,
    reason: SuppressionReason = SuppressionReason.COMPLAINT,
    evidence: str = "a letter",
    at: datetime = NOW,
) -> bool:
    new = NewSuppression(Target(target), reason, evidence)
    return suppressions.suppress(connection, new, SEALS, actor="mair", at=at)


def lift(connection: Connection, target: str, *, reason: str = "asked") -> Suppression:
    parsed = parse_target(target)
    return suppressions.lift(connection, parsed, SEALS, reason=reason, actor="mair", at=LATER)


def find(connection: Connection, canonical: str) -> Suppression | None:
    return suppressions.find_suppression(connection, canonical, SEALS)


def say_of_an_import(connection: Connection, target: str) -> None:
    connection.execute(
        insert(imports).values(
            id=7,
            file="left.csv",
            fingerprint="f",
            actor="mair",
            at=NOW,
            **dict.fromkeys(("added", "updated", "unchanged", "skipped", "rejected"), 0),
        )
    )
    connection.execute(update(rows).where(rows.c.target == target).values(import_id=7))


def test_the_first_reason_of_a_suppression_stays(connection: Connection) -> None:
    suppress(connection, "dai@example.org")

    changed = suppress(
        connection, "dai@example.org", reason=SuppressionReason.MANUAL, evidence="", at=LATER
    )

    assert not changed
    (found,) = suppressions.all_suppressions(connection)
    assert (found.reason, found.at) == (SuppressionReason.COMPLAINT, NOW)


def test_what_only_an_import_said_gives_way_to_what_somebody_says(connection: Connection) -> None:
    """So that undoing the import lets the new reason stand."""
    suppress(connection, "dai@example.org", reason=SuppressionReason.IMPORTED, evidence="left.csv")
    say_of_an_import(connection, "dai@example.org")

    changed = [suppress(connection, "dai@example.org", evidence="a letter") for _ in range(2)]

    assert changed == [True, False]
    row = connection.execute(select(rows)).one()
    assert (row.reason, row.evidence, row.import_id) == ("complaint", "left.csv; a letter", None)


def test_an_address_is_suppressed_with_its_domain_and_not_with_others(
    connection: Connection,
) -> None:
    suppress(connection, "@example.org")

    found = suppressions.suppressed_among(
        connection, ["dai@example.org", "dai@mail.example.org", "dai@example.com"], SEALS
    )

    assert {canonical: one.target for canonical, one in found.items()} == {
        "dai@example.org": "@example.org"
    }


def test_an_erased_address_is_suppressed_by_its_seal_and_not_written_down_again(
    connection: Connection,
) -> None:
    """L4"""
    suppress(connection, SEAL, reason=SuppressionReason.ERASED)

    found = find(connection, "dai@example.org")
    changed = suppress(connection, "dai@example.org")

    assert found is not None
    assert (found.target, found.reason) == (SEAL, SuppressionReason.ERASED)
    assert not changed
    assert [one.target for one in suppressions.all_suppressions(connection)] == [SEAL]


def test_an_address_has_its_own_reason_beside_its_domains(connection: Connection) -> None:
    suppress(connection, "@example.org", evidence="closed down")

    assert suppress(connection, "dai@example.org", evidence="a letter")

    lift(connection, "example.org")
    found = find(connection, "dai@example.org")
    assert found is not None
    assert found.evidence == "a letter"


def test_many_are_suppressed_in_one_go_and_each_is_told_of(connection: Connection) -> None:
    suppress(connection, "was@example.org")
    texts = ("new@example.org", "was@example.org", "@example.com", "new@example.org")
    new = [NewSuppression(Target(text), SuppressionReason.REQUEST) for text in texts]

    assert suppressions.suppress_all(connection, new, SEALS, at=LATER) == [True, False, True, False]

    assert [one.target for one in suppressions.all_suppressions(connection)] == [
        "was@example.org",
        "@example.com",
        "new@example.org",
    ]


def test_lifting_is_audited_with_its_reason_and_without_the_address(
    connection: Connection,
) -> None:
    """B6, X15"""
    suppress(connection, "dai@example.org")

    lifted = lift(connection, "dai@example.org", reason="asked by telephone")

    assert lifted.reason is SuppressionReason.COMPLAINT
    assert list(suppressions.all_suppressions(connection)) == []
    row = connection.execute(select(audit).order_by(audit.c.id.desc()).limit(1)).one()
    assert (row.action, row.detail) == ("suppressions lift", "was complaint; asked by telephone")
    assert "dai@" not in row.subject


def test_somebody_erased_may_be_let_back_by_their_address(connection: Connection) -> None:
    suppress(connection, SEAL, reason=SuppressionReason.ERASED)

    assert lift(connection, "dai@example.org").reason is SuppressionReason.ERASED
    assert find(connection, "dai@example.org") is None


def test_an_address_that_only_its_domain_suppresses_names_the_domain(
    connection: Connection,
) -> None:
    suppress(connection, "@example.org")

    with pytest.raises(Refused, match="with its whole domain, @example"):
        lift(connection, "dai@example.org")


def test_nothing_is_lifted_without_a_reason_or_twice(connection: Connection) -> None:
    suppress(connection, "dai@example.org")

    with pytest.raises(BadInput, match="for a reason"):
        lift(connection, "dai@example.org", reason=" ")
    lift(connection, "dai@example.org")
    with pytest.raises(Refused, match="is not suppressed"):
        lift(connection, "dai@example.org")
