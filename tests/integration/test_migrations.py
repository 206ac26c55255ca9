"""The migrations against the tables that the program uses, and against data."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from newsletter.domain.errors import SchemaMismatch, SurroundingsFailed
from newsletter.resources import migrations_folder
from newsletter.storage import migrations, schema_version
from newsletter.storage.engine import open_engine, reading, writing
from newsletter.storage.schema import metadata, suppressions
from newsletter.storage.schema_version import Standing
from tests.postgresql_server import PostgresqlServer


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of each kind without a table; the file is not there yet."""
    folder = tmp_path / "a folder, 100% ours?"
    folder.mkdir()
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{folder / 'newsletter.db'}")
    else:
        engine = open_engine(request.getfixturevalue("empty_postgresql"))
    yield engine
    engine.dispose()


@pytest.fixture
def migrated_engine(empty_engine: Engine) -> Engine:
    """The same, migrated: a database of its own, since migrations are undone here."""
    migrations.upgrade(empty_engine)
    return empty_engine


DDL = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> :left_out",
    "postgresql": """
        SELECT table_name, concat_ws(' ', column_name, data_type, character_maximum_length,
                                     'null', is_nullable, column_default, collation_name)
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> :left_out
        UNION ALL
        SELECT relname, conname || ' ' || pg_get_constraintdef(pg_constraint.oid)
        FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
        WHERE connamespace = CAST('public' AS regnamespace) AND relname <> :left_out
        UNION ALL
        SELECT tablename, indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND tablename <> :left_out
    """,
}


def ddl(engine: Engine) -> dict[str, list[str]]:
    """Each table's and index's statement as its parts, sorted: their order means nothing."""
    with reading(engine) as connection:
        query = text(DDL[engine.dialect.name])
        rows = connection.execute(query, {"left_out": "alembic_version"}).all()
    parts = defaultdict(list)
    for name, sql in rows:
        # Columns that ALTER TABLE adds stand on one line in SQLite's statement, at its end.
        lines = re.split(r"\n|, (?=[a-z_]+ [A-Z])", re.sub(r"IN\s+\(", "IN (", sql))
        parts[name] += filter(None, (line.strip(" ,\t)") for line in lines))
    return {name: sorted(lines) for name, lines in parts.items()}


def test_the_migrations_make_exactly_the_tables_of_the_schema(migrated_engine: Engine) -> None:
    by_migrations = ddl(migrated_engine)
    migrations.downgrade(migrated_engine, "base")

    with writing(migrated_engine) as connection:
        metadata.create_all(connection)

    assert ddl(migrated_engine) == by_migrations


def test_alembic_finds_no_difference_either(migrated_engine: Engine) -> None:
    with reading(migrated_engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, metadata) == []


def test_every_step_goes_down_and_up_again(empty_engine: Engine) -> None:
    migrations.upgrade(empty_engine)
    newest = ddl(empty_engine)
    below = ["base", *schema_version.revisions()[:-1]]

    for revision in reversed(below):
        migrations.downgrade(empty_engine, revision)
        stands_at = schema_version.check(empty_engine).revision
        assert stands_at == (None if revision == "base" else revision)
        migrations.upgrade(empty_engine)
        assert ddl(empty_engine) == newest


def test_going_down_to_the_base_leaves_nothing_behind(migrated_engine: Engine) -> None:
    migrations.downgrade(migrated_engine, "base")

    assert ddl(migrated_engine) == {}


def test_an_upgrade_keeps_what_is_in_the_database(migrated_engine: Engine) -> None:
    migrations.downgrade(migrated_engine, "0001_subscribers")
    with writing(migrated_engine) as connection:
        connection.execute(
            text(
                "INSERT INTO suppressions VALUES"
                " ('dai@example.org', 'manual', '', '2026-01-01 00:00:00.000000')"
            )
        )

    migrations.upgrade(migrated_engine)

    with reading(migrated_engine) as connection:
        assert connection.execute(suppressions.select()).one().target == "dai@example.org"


def test_a_migration_that_fails_leaves_the_database_as_it_was(empty_engine: Engine) -> None:
    migrations.upgrade(empty_engine)
    migrations.downgrade(empty_engine, "0001_subscribers")
    with writing(empty_engine) as connection:
        connection.execute(text("CREATE TABLE deliveries (in_the_way INTEGER)"))

    with pytest.raises(DBAPIError, match="already exists"):
        migrations.upgrade(empty_engine)

    assert schema_version.check(empty_engine).revision == "0001_subscribers"
    assert "editions" not in ddl(empty_engine)


def test_an_upgrade_prints_nothing(empty_engine: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    migrations.upgrade(empty_engine)

    assert capfd.readouterr() == ("", "")


def test_an_older_database_names_the_command_that_upgrades_it(migrated_engine: Engine) -> None:
    migrations.downgrade(migrated_engine, "0002_editions")

    with pytest.raises(SchemaMismatch, match="older than the program") as caught:
        schema_version.require_current(migrated_engine)

    assert "newsletter db upgrade" in str(caught.value)
    assert schema_version.check(migrated_engine).standing is Standing.OLDER


def test_a_newer_database_asks_for_a_newer_program_and_is_not_upgraded(
    migrated_engine: Engine,
) -> None:
    with writing(migrated_engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999_from_afar'"))

    for attempt in (schema_version.require_current, migrations.upgrade):
        with pytest.raises(SchemaMismatch, match="0999_from_afar") as caught:
            attempt(migrated_engine)
        assert "Upgrade the newsletter program" in str(caught.value)


def test_a_database_without_tables_names_the_command_that_makes_them(empty_engine: Engine) -> None:
    with pytest.raises(SchemaMismatch, match="has no tables yet") as caught:
        schema_version.require_current(empty_engine)

    assert "newsletter db upgrade" in str(caught.value)


def test_looking_at_a_file_that_is_not_there_does_not_make_one(tmp_path: Path) -> None:
    file = tmp_path / "newsletter.db"

    assert schema_version.check(open_engine(f"sqlite:///{file}")).standing is Standing.EMPTY
    assert not file.exists()


def test_a_database_that_a_server_does_not_have_names_the_command_that_makes_it(
    postgresql: PostgresqlServer,
) -> None:
    engine = open_engine(postgresql.url("nowhere"))

    for attempt in (schema_version.require_current, migrations.upgrade):
        with pytest.raises(SurroundingsFailed, match="no such database") as caught:
            attempt(engine)
        assert "createdb" in str(caught.value)


def test_ids_go_on_after_those_that_an_upgrade_kept(migrated_engine: Engine) -> None:
    """A table that is made anew has a counter that is made anew."""
    migrations.downgrade(migrated_engine, "0004_confirmations")
    with writing(migrated_engine) as connection:
        connection.execute(
            text(
                "INSERT INTO subscribers (handle, address, canonical, name, language, created_at)"
                " VALUES (1, 'dai@example.org', 'dai@example.org', '', 'cy', '2026-01-01 00:00:00')"
            )
        )

    migrations.upgrade(migrated_engine)

    with writing(migrated_engine) as connection:
        connection.execute(
            text(
                "INSERT INTO subscribers (handle, address, canonical, name, language, format,"
                " attributes, created_at) VALUES (2, 'eleri@example.org', 'eleri@example.org',"
                " '', 'cy', 'html', '{}', '2026-01-01 00:00:00')"
            )
        )
        ids = connection.execute(text("SELECT id FROM subscribers ORDER BY handle")).scalars()
        kept, new = ids
    assert new == kept + 1


def add_delivery(engine: Engine, **values: object) -> None:
    """A delivery of an edition that is being sent, both made with it."""
    at = "'2026-01-01 00:00:00.000000'"
    row = {
        "id": 1,
        "edition_id": 1,
        "language": "en",
        "format": "html",
        "variant": "",
        "attempts": 2,
        "transport": "smtp",
        "next_attempt_at": "2026-01-01 00:00:00.000000",
        "code": 451,
        "enhanced": "4.7.1",
        "reply": "Greylisted, come back later.",
        "updated_at": "2026-01-01 00:00:00.000000",
    } | values
    places = ", ".join(f":{name}" for name in row)
    with writing(engine) as connection:
        connection.execute(
            text(
                "INSERT INTO topics (id, public_id, slug, names, private, created_at)"
                f" VALUES (1, 1, 'bulletin', '{{}}', :private, {at})"
            ),
            {"private": False},
        )
        connection.execute(
            text(
                "INSERT INTO editions (id, public_id, slug, topic_id, state, revision,"
                " source_file, source_digest, created_at)"
                f" VALUES (1, 1, '2026-01', 1, 'sending', 1, '', '', {at})"
            )
        )
        connection.execute(
            text(f"INSERT INTO deliveries ({', '.join(row)}) VALUES ({places})"),
            row,
        )


def delivery(engine: Engine, *columns: str) -> tuple[object, ...]:
    with reading(engine) as connection:
        return tuple(connection.execute(text(f"SELECT {', '.join(columns)} FROM deliveries")).one())


def test_what_a_sender_of_the_time_before_senders_had_rows_left_behind_is_named_unknown(
    migrated_engine: Engine,
) -> None:
    """No journal tells of it, and no sender is there that could be found dead."""
    migrations.downgrade(migrated_engine, "0005_audience")
    add_delivery(migrated_engine, state="sending")

    migrations.upgrade(migrated_engine)

    assert delivery(migrated_engine, "state", "attempts", "sender_id", "transport") == (
        "unknown",
        2,
        None,
        "smtp",
    )
    assert delivery(migrated_engine, "next_attempt_at", "code", "enhanced", "reply") == (
        None,
        None,
        None,
        "The sender stopped before the server's answer was recorded.",
    )


def test_what_waits_for_its_next_attempt_goes_through_the_upgrade_as_it_is(
    migrated_engine: Engine,
) -> None:
    migrations.downgrade(migrated_engine, "0005_audience")
    columns = ("state", "attempts", "next_attempt_at", "code", "enhanced", "reply", "updated_at")
    add_delivery(migrated_engine, state="deferred")
    before = delivery(migrated_engine, *columns)

    migrations.upgrade(migrated_engine)

    assert delivery(migrated_engine, *columns) == before


def test_what_was_given_back_after_an_earlier_attempt_is_due_after_the_upgrade(
    migrated_engine: Engine,
) -> None:
    """A time meant nothing for what was pending; now it means to wait."""
    migrations.downgrade(migrated_engine, "0006_dispatch")
    add_delivery(migrated_engine, state="pending")
    assert delivery(migrated_engine, "next_attempt_at") != (None,)

    migrations.upgrade(migrated_engine)

    assert delivery(migrated_engine, "state", "next_attempt_at") == ("pending", None)


def test_what_is_on_its_way_is_still_so_after_a_way_down_and_named_after_the_way_up(
    migrated_engine: Engine,
) -> None:
    """The program of that time named such rows itself."""
    with writing(migrated_engine) as connection:
        connection.execute(
            text(
                "INSERT INTO senders (id, host, pid, journal, started_at, seen_at) VALUES"
                " (7, 'sender.example.org', 1, 'a.journal', '2026-01-01', '2026-01-01')"
            )
        )
    add_delivery(migrated_engine, state="sending", sender_id=7)

    migrations.downgrade(migrated_engine, "0005_audience")
    below = delivery(migrated_engine, "state", "attempts", "transport")
    migrations.upgrade(migrated_engine)

    assert below == ("sending", 2, "smtp")
    assert delivery(migrated_engine, "state", "attempts", "transport") == ("unknown", 2, "smtp")


def test_a_current_database_is_let_through(migrated_engine: Engine) -> None:
    schema_version.require_current(migrated_engine)

    assert schema_version.check(migrated_engine).standing is Standing.CURRENT


def test_a_revision_is_called_what_its_file_is_called_and_they_are_numbered() -> None:
    names = schema_version.revisions()

    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    for name in names:
        source = (migrations_folder() / f"{name}.py").read_text(encoding="utf-8")
        assert f'revision = "{name}"' in source
