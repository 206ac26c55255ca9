"""The audience: formats, attributes, wordings, segments, imports that can be undone, erasure.

Eight tables change in ways that SQLite cannot alter. Their rows are set aside, the tables made
anew, parents before children, and the rows brought back, on every database the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005_audience"
down_revision = "0004_confirmations"

_STATUS = "status IN ('pending', 'active', 'paused', 'unsubscribed')"
_BASIS = (
    "basis IN ('consent', 'soft-opt-in', 'public-task', 'legitimate-interests', 'contract',"
    " 'legal-obligation')"
)
_REASON = (
    "reason IN ('hard-bounce', 'soft-bounces', 'complaint', 'request', 'erased', 'manual',"
    " 'imported')"
)
_FORMAT = "format IN ('html', 'text')"
_STATE = "state IN ('pending', 'sending', 'deferred', 'accepted', 'failed', 'unknown', 'skipped')"
_ATTRIBUTES = sa.JSON().with_variant(JSONB(), "postgresql")

_PARENTS_FIRST = (
    "subscribers",
    "subscriptions",
    "imports",
    "consents",
    "suppressions",
    "snapshots",
    "snapshot_languages",
    "deliveries",
)
_INDEXES = {
    "subscriptions": ("ix_subscriptions_topic_id_status", ["topic_id", "status"]),
    "consents": ("ix_consents_subscriber_id", ["subscriber_id"]),
    "snapshots": ("ix_snapshots_edition_id", ["edition_id"]),
}


def upgrade() -> None:
    _set_aside()
    _create_wordings()
    _create_people()
    _create_ledgers()
    _create_snapshots()
    _create_deliveries()
    _keep_wordings()
    _bring_back(
        {
            "subscribers": {"format": "'html'", "attributes": "'{}'"},
            "imports": {"fingerprint": "''", "finished_at": "at"},
            "consents": {"wording_id": "(SELECT id FROM wordings WHERE text = kept.wording)"},
            "suppressions": {"target": "canonical"},
            "snapshots": {"rules": "'{}'"},
            "snapshot_languages": {"variant": "''"},
            "deliveries": {"format": "'html'", "variant": "''"},
        }
    )
    op.execute("INSERT INTO handles SELECT handle, id FROM subscribers ORDER BY handle")


def downgrade() -> None:
    for table in ("retired_deliveries", "segments", "import_changes", "handles"):
        op.drop_table(table)  # what they hold, nothing before this migration knows
    _set_aside()
    _create_people_of_0001()
    _create_ledgers_of_0001()
    _create_snapshots_of_0002()
    _create_deliveries_of_0003()
    wording = "COALESCE((SELECT text FROM wordings WHERE id = kept.wording_id), '')"
    _bring_back(
        {"consents": {"wording": wording}, "suppressions": {"canonical": "target"}},
        without={
            "imports": "topic_id IS NULL",
            "consents": "subscriber_id IS NULL OR status IS NULL",
            "suppressions": "target LIKE 'erased:%' OR target LIKE '@%'",
            "snapshot_languages": "variant <> ''",
            "deliveries": "subscriber_id IS NULL",
        },
    )
    op.drop_table("wordings")


def _set_aside() -> None:
    for table in reversed(_PARENTS_FIRST):
        op.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")  # noqa: S608 - our own names
        op.drop_table(table)


def _bring_back(
    values: Mapping[str, Mapping[str, str]], *, without: Mapping[str, str] | None = None
) -> None:
    bind = op.get_bind()
    for table in _PARENTS_FIRST:
        there = {column["name"] for column in sa.inspect(bind).get_columns(f"kept_{table}")}
        columns = [column["name"] for column in sa.inspect(bind).get_columns(table)]
        given = {name: name for name in columns if name in there} | dict(values.get(table, {}))
        left = (without or {}).get(table, "1 = 0")
        op.execute(
            f"INSERT INTO {table} ({', '.join(given)}) SELECT {_selected(table, given)}"  # noqa: S608 - our own names
            f" FROM kept_{table} AS kept WHERE NOT ({left})"
        )
        op.drop_table(f"kept_{table}")
        if bind.dialect.name == "postgresql" and "id" in columns:
            op.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"  # noqa: S608 - our own names
                f" COALESCE((SELECT MAX(id) FROM {table}), 1))"
            )


def _selected(table: str, given: Mapping[str, str]) -> str:
    if op.get_bind().dialect.name == "postgresql":
        casts = {"attributes": "jsonb", "rules": "json"}
        return ", ".join(
            f"CAST({value} AS {casts[name]})" if name in casts else value
            for name, value in given.items()
        )
    return ", ".join(given.values())


def _keep_wordings() -> None:
    bind = op.get_bind()
    found = bind.execute(sa.text("SELECT DISTINCT wording FROM kept_consents WHERE wording <> ''"))
    for (text,) in found.all():
        digest = hashlib.sha256(f"\x1f\x1f{text}".encode()).hexdigest()
        bind.execute(
            sa.text(
                "INSERT INTO wordings (digest, language, version, text)"
                " VALUES (:digest, '', '', :text)"
            ),
            {"digest": digest, "text": text},
        )


def _create_wordings() -> None:
    op.create_table(
        "wordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wordings"),
        sa.UniqueConstraint("digest", name="uq_wordings_digest"),
    )


def _create_people() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handle", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("canonical", sa.String(320), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("format", sa.String(8), nullable=False),
        sa.Column("attributes", _ATTRIBUTES, nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscribers"),
        sa.CheckConstraint(_FORMAT, name="ck_subscribers_format"),
        sa.UniqueConstraint("canonical", name="uq_subscribers_canonical"),
    )
    op.create_table(
        "handles",
        sa.Column("handle", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("handle", name="pk_handles"),
        sqlite_with_rowid=False,
    )
    _create_subscriptions(sqlite_with_rowid=False)
    op.create_table(
        "segments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_segments"),
        sa.UniqueConstraint("name", name="uq_segments_name"),
    )


def _create_subscriptions(*, sqlite_with_rowid: bool) -> None:
    op.create_table(
        "subscriptions",
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("basis", sa.String(24), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("subscriber_id", "topic_id", name="pk_subscriptions"),
        sa.CheckConstraint(_STATUS, name="ck_subscriptions_status"),
        sa.CheckConstraint(_BASIS, name="ck_subscriptions_basis"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="fk_subscriptions_subscriber_id"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name="fk_subscriptions_topic_id"),
        sqlite_with_rowid=sqlite_with_rowid,
    )
    _create_index("subscriptions")


def _create_ledgers() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer()),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime()),
        sa.Column("undone_at", sa.DateTime()),
        sa.Column("position", sa.String(320)),
        *_tallies(),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name="fk_imports_topic_id"),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer()),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(16)),
        sa.Column("basis", sa.String(24), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("wording_id", sa.Integer()),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("ip", sa.String(45)),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("import_id", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
        sa.CheckConstraint(_STATUS, name="ck_consents_status"),
        sa.CheckConstraint(_BASIS, name="ck_consents_basis"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="fk_consents_subscriber_id"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name="fk_consents_topic_id"),
        sa.ForeignKeyConstraint(["wording_id"], ["wordings.id"], name="fk_consents_wording_id"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_consents_import_id"),
    )
    _create_index("consents")
    op.create_table(
        "suppressions",
        sa.Column("target", sa.String(340), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("import_id", sa.Integer()),
        sa.PrimaryKeyConstraint("target", name="pk_suppressions"),
        sa.CheckConstraint(_REASON, name="ck_suppressions_reason"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_suppressions_import_id"),
    )
    op.create_index("ix_suppressions_reason", "suppressions", ["reason"])
    _create_import_changes()


def _create_import_changes() -> None:
    op.create_table(
        "import_changes",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("name_before", sa.String(200), nullable=False),
        sa.Column("name_after", sa.String(200), nullable=False),
        sa.Column("language_before", sa.String(16), nullable=False),
        sa.Column("language_after", sa.String(16), nullable=False),
        sa.Column("format_before", sa.String(8), nullable=False),
        sa.Column("format_after", sa.String(8), nullable=False),
        sa.Column("attributes_before", _ATTRIBUTES, nullable=False),
        sa.Column("attributes_after", _ATTRIBUTES, nullable=False),
        sa.PrimaryKeyConstraint("import_id", "subscriber_id", name="pk_import_changes"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_import_changes_import_id"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="fk_import_changes_subscriber_id"
        ),
    )
    op.create_index("ix_import_changes_subscriber_id", "import_changes", ["subscriber_id"])


def _create_snapshots() -> None:
    op.create_table(
        "snapshots",
        *_snapshot_columns(),
        sa.Column("segment", sa.String(64)),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_snapshots"),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_snapshots_edition_id"),
    )
    _create_index("snapshots")
    op.create_table(
        "snapshot_languages",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("variant", sa.String(260), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("message", sa.JSON(), nullable=False),
        sa.Column("html", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("snapshot_id", "language", "variant", name="pk_snapshot_languages"),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name="fk_snapshot_languages_snapshot_id"
        ),
    )


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer()),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("format", sa.String(8), nullable=False),
        sa.Column("variant", sa.String(260), nullable=False),
        *_delivery_columns(),
        sa.CheckConstraint(_FORMAT, name="ck_deliveries_format"),
        *_delivery_constraints(),
    )
    _create_delivery_indexes()
    op.create_table(
        "retired_deliveries",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "edition_id", "state", "reason", "language", name="pk_retired_deliveries"
        ),
        sa.CheckConstraint(_STATE, name="ck_retired_deliveries_state"),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name="fk_retired_deliveries_edition_id"
        ),
    )


# What the three earlier migrations made, for the way down.


def _create_people_of_0001() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handle", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("canonical", sa.String(320), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscribers"),
        sa.UniqueConstraint("handle", name="uq_subscribers_handle"),
        sa.UniqueConstraint("canonical", name="uq_subscribers_canonical"),
    )
    _create_subscriptions(sqlite_with_rowid=True)


def _create_ledgers_of_0001() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        *_tallies(),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name="fk_imports_topic_id"),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("basis", sa.String(24), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
        sa.CheckConstraint(_STATUS, name="ck_consents_status"),
        sa.CheckConstraint(_BASIS, name="ck_consents_basis"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="fk_consents_subscriber_id"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name="fk_consents_topic_id"),
    )
    _create_index("consents")
    op.create_table(
        "suppressions",
        sa.Column("canonical", sa.String(320), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("canonical", name="pk_suppressions"),
        sa.CheckConstraint(_REASON, name="ck_suppressions_reason"),
    )


def _create_snapshots_of_0002() -> None:
    op.create_table(
        "snapshots",
        *_snapshot_columns(),
        sa.PrimaryKeyConstraint("id", name="pk_snapshots"),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_snapshots_edition_id"),
    )
    _create_index("snapshots")
    op.create_table(
        "snapshot_languages",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("message", sa.JSON(), nullable=False),
        sa.Column("html", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("snapshot_id", "language", name="pk_snapshot_languages"),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name="fk_snapshot_languages_snapshot_id"
        ),
    )


def _create_deliveries_of_0003() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        *_delivery_columns(),
        *_delivery_constraints(),
    )
    _create_delivery_indexes()


def _tallies() -> list[sa.Column[int]]:
    names = ("added", "updated", "unchanged", "skipped", "rejected")
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _snapshot_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("approved_by", sa.String(200), nullable=False),
        sa.Column("approved_at", sa.DateTime(), nullable=False),
        sa.Column("voided_at", sa.DateTime()),
    ]


def _delivery_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(24)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_attempt_at", sa.DateTime()),
        sa.Column("next_attempt_at", sa.DateTime()),
        sa.Column("code", sa.Integer()),
        sa.Column("enhanced", sa.String(16)),
        sa.Column("reply", sa.Text()),
        sa.Column("transport", sa.String(16)),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
    ]


def _delivery_constraints() -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.CheckConstraint(_STATE, name="ck_deliveries_state"),
        sa.UniqueConstraint(
            "edition_id", "subscriber_id", name="uq_deliveries_edition_id_subscriber_id"
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_deliveries_edition_id"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="fk_deliveries_subscriber_id"
        ),
    ]


def _create_index(table: str) -> None:
    name, columns = _INDEXES[table]
    op.create_index(name, table, columns)


def _create_delivery_indexes() -> None:
    op.create_index("ix_deliveries_subscriber_id", "deliveries", ["subscriber_id"])
    op.create_index("ix_deliveries_edition_id_state", "deliveries", ["edition_id", "state"])
