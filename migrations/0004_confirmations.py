"""Confirmations: a person says that a translation still holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_confirmations"
down_revision = "0003_deliveries"


def upgrade() -> None:
    op.create_table(
        "edition_confirmations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_edition_confirmations"),
        sa.ForeignKeyConstraint(
            ["edition_id", "revision"],
            ["edition_revisions.edition_id", "edition_revisions.number"],
            name="fk_edition_confirmations_edition_id",
        ),
    )


def downgrade() -> None:
    op.drop_table("edition_confirmations")
