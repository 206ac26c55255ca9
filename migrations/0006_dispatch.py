"""Sending that survives crashes: senders with journals, attempts, and which copy is live.

The delivery rows change in ways that SQLite cannot alter. They are set aside, the table made anew,
and the rows brought back, on every database the same.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_dispatch"
down_revision = "0005_audience"

_FORMAT = "format IN ('html', 'text')"
_STATES = ("pending", "sending", "deferred", "accepted", "failed", "unknown", "skipped")
_STATE = " OR ".join(f"state = '{state}'" for state in _STATES)
_STATE_BEFORE = f"state IN {_STATES}"
_KEPT = (
    "id, edition_id, subscriber_id, language, format, variant, state, reason, attempts,"
    " first_attempt_at, next_attempt_at, code, enhanced, reply, transport, updated_at"
)


def upgrade() -> None:
    op.add_column("editions", sa.Column("released_at", sa.DateTime()))
    op.add_column("editions", sa.Column("attempted_at", sa.DateTime()))
    _create_senders()
    _name_what_was_left_behind()
    _set_aside()
    _create_deliveries(sa.Column("sender_id", sa.Integer()), is_new=True)
    _bring_back("updated_at")
    _create_attempts()
    op.create_table(
        "live_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("bound_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_live_copy"),
    )


def downgrade() -> None:
    op.drop_table("live_copy")
    op.drop_table("delivery_attempts")
    _set_aside()
    _create_deliveries(is_new=False)
    # A row to which nothing had happened yet had no time; the old table wants one.
    _bring_back(
        "COALESCE(updated_at, (SELECT created_at FROM editions WHERE editions.id = edition_id))"
    )
    op.drop_table("senders")
    op.drop_column("editions", "attempted_at")
    op.drop_column("editions", "released_at")


def _name_what_was_left_behind() -> None:
    # Until now the next run did that. From now on it looks for a sender of each such row, and these
    # have none: they would be on their way for ever.
    op.execute(
        "UPDATE deliveries SET state = 'unknown', next_attempt_at = NULL, code = NULL,"
        " enhanced = NULL, reply = 'The sender stopped before the server''s answer was recorded.'"
        " WHERE state = 'sending'"
    )


def _set_aside() -> None:
    op.execute("CREATE TABLE kept_deliveries AS SELECT * FROM deliveries")
    op.drop_table("deliveries")


def _bring_back(updated_at: str) -> None:
    columns = _KEPT.removesuffix("updated_at")
    op.execute(
        f"INSERT INTO deliveries ({_KEPT}) SELECT {columns} {updated_at} FROM kept_deliveries"  # noqa: S608 - our own names
    )
    op.drop_table("kept_deliveries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('deliveries', 'id'),"
            " COALESCE((SELECT MAX(id) FROM deliveries), 1))"
        )


def _create_senders() -> None:
    op.create_table(
        "senders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("journal", sa.String(200), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_senders"),
        sa.UniqueConstraint("journal", name="uq_senders_journal"),
    )


def _create_deliveries(*sender: sa.Column[int], is_new: bool) -> None:
    refers_to_sender = (
        [sa.ForeignKeyConstraint(["sender_id"], ["senders.id"], name="fk_deliveries_sender_id")]
        if is_new
        else []
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer()),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("format", sa.String(8), nullable=False),
        sa.Column("variant", sa.String(260), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(24)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *sender,
        sa.Column("first_attempt_at", sa.DateTime()),
        sa.Column("next_attempt_at", sa.DateTime()),
        sa.Column("code", sa.Integer()),
        sa.Column("enhanced", sa.String(16)),
        sa.Column("reply", sa.Text()),
        sa.Column("transport", sa.String(16)),
        sa.Column("updated_at", sa.DateTime(), nullable=is_new),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.CheckConstraint(_STATE if is_new else _STATE_BEFORE, name="ck_deliveries_state"),
        sa.CheckConstraint(_FORMAT, name="ck_deliveries_format"),
        sa.UniqueConstraint(
            "edition_id", "subscriber_id", name="uq_deliveries_edition_id_subscriber_id"
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_deliveries_edition_id"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="fk_deliveries_subscriber_id"
        ),
        *refers_to_sender,
    )
    op.create_index("ix_deliveries_subscriber_id", "deliveries", ["subscriber_id"])
    in_order = ["edition_id", "state", *(["id"] if is_new else [])]
    op.create_index(f"ix_deliveries_{'_'.join(in_order)}", "deliveries", in_order)


def _create_attempts() -> None:
    op.create_table(
        "delivery_attempts",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Integer()),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("code", sa.Integer()),
        sa.Column("enhanced", sa.String(16)),
        sa.Column("reply", sa.Text()),
        sa.Column("transport", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", "number", name="pk_delivery_attempts"),
        sa.CheckConstraint(_STATE, name="ck_delivery_attempts_state"),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name="fk_delivery_attempts_delivery_id"
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["senders.id"], name="fk_delivery_attempts_sender_id"
        ),
        sqlite_with_rowid=False,
    )
