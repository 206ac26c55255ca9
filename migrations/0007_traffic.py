"""Traffic: what relays and receivers take, and by which relay to which receiver mail went.

What is due is looked for by when it may be tried, so that deliveries which wait for their receiver
keep nobody else waiting.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_traffic"
down_revision = "0006_dispatch"

_BY_ORDER = "ix_deliveries_edition_id_state_id"
_BY_TIME = "ix_deliveries_edition_id_state_next_attempt_at_id"


def upgrade() -> None:
    op.add_column("editions", sa.Column("overruled", sa.String(200)))
    op.add_column("deliveries", sa.Column("receiver", sa.String(255)))
    # What was given back after an earlier attempt kept its time, which now means to wait for it.
    op.execute("UPDATE deliveries SET next_attempt_at = NULL WHERE state = 'pending'")
    op.drop_index(_BY_ORDER, "deliveries")
    op.create_index(_BY_TIME, "deliveries", ["edition_id", "state", "next_attempt_at", "id"])
    op.add_column("delivery_attempts", sa.Column("relay", sa.String(255)))
    op.create_table(
        "lanes",
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("rate", sa.Float()),
        sa.Column("full_rate", sa.Float()),
        sa.Column("rate_changed_at", sa.DateTime()),
        sa.Column("next_at", sa.DateTime()),
        sa.Column("closed_until", sa.DateTime()),
        sa.Column("closed_for", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(16)),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", name="pk_lanes"),
        sa.CheckConstraint("kind IN ('all', 'relay', 'receiver')", name="ck_lanes_kind"),
    )


def downgrade() -> None:
    op.drop_table("lanes")
    op.drop_column("delivery_attempts", "relay")
    op.drop_index(_BY_TIME, "deliveries")
    op.create_index(_BY_ORDER, "deliveries", ["edition_id", "state", "id"])
    op.drop_column("deliveries", "receiver")
    op.drop_column("editions", "overruled")
