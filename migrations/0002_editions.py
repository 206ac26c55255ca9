"""Editions, their revisions and images, and the snapshots that approval freezes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_editions"
down_revision = "0001_subscribers"

_STATE = (
    "state IN ('draft', 'approved', 'scheduled', 'sending', 'paused', 'held', 'complete',"
    " 'cancelled')"
)


def upgrade() -> None:
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.String(64), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("held_reason", sa.String(24)),
        sa.Column("held_from", sa.String(16)),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source_file", sa.Text(), nullable=False),
        sa.Column("source_digest", sa.String(64), nullable=False),
        sa.Column("scheduled_at", sa.DateTime()),
        sa.Column("scheduled_zone", sa.String(64)),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_editions"),
        sa.CheckConstraint(_STATE, name="ck_editions_state"),
        sa.UniqueConstraint("public_id", name="uq_editions_public_id"),
        sa.UniqueConstraint("slug", name="uq_editions_slug"),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name="fk_editions_topic_id"),
    )
    _create_revisions()
    _create_snapshots()


def _create_revisions() -> None:
    op.create_table(
        "edition_revisions",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("edition_id", "number", name="pk_edition_revisions"),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name="fk_edition_revisions_edition_id"
        ),
    )
    op.create_table(
        "images",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_images"),
    )
    op.create_table(
        "revision_images",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("src", sa.String(400), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("edition_id", "revision", "src", name="pk_revision_images"),
        sa.ForeignKeyConstraint(
            ["edition_id", "revision"],
            ["edition_revisions.edition_id", "edition_revisions.number"],
            name="fk_revision_images_edition_id",
        ),
        sa.ForeignKeyConstraint(["digest"], ["images.digest"], name="fk_revision_images_digest"),
    )


def _create_snapshots() -> None:
    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("approved_by", sa.String(200), nullable=False),
        sa.Column("approved_at", sa.DateTime(), nullable=False),
        sa.Column("voided_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_snapshots"),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_snapshots_edition_id"),
    )
    op.create_index("ix_snapshots_edition_id", "snapshots", ["edition_id"])
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


def downgrade() -> None:
    for table in (
        "snapshot_languages",
        "snapshots",
        "revision_images",
        "images",
        "edition_revisions",
        "editions",
    ):
        op.drop_table(table)
