"""The reader's side: requests and the notices that answer them, pauses that end, links that can be
voided, why people left, and when an edition became public."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_readers"
down_revision = "0007_traffic"

_REQUEST_KINDS = "'sign-up', 'my-link', 'address-from', 'address-to', 'my-data', 'erase'"
_OUTCOMES = "'mailed', 'on-list', 'limited', 'stopped', 'nobody', 'expired'"
_NOTICE_KINDS = (
    "'confirm', 'reminder', 'welcome', 'on-list', 'my-link', 'address-from', 'address-to',"
    " 'address-changed', 'my-data', 'erase'"
)
_STATES = "'pending', 'sending', 'deferred', 'accepted', 'failed', 'unknown', 'skipped'"
_SKIPS = "'expired', 'address', 'stopped'"
_REASONS = "'too-often', 'not-relevant', 'never-asked', 'hard-to-read', 'other'"


def upgrade() -> None:
    op.add_column(
        "subscribers", sa.Column("epoch", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("subscriptions", sa.Column("resumes_at", sa.DateTime()))
    op.add_column("editions", sa.Column("published_at", sa.DateTime()))
    # What has begun to be sent has been public since.
    op.execute(
        "UPDATE editions SET published_at = COALESCE(attempted_at, created_at)"
        " WHERE EXISTS (SELECT 1 FROM deliveries WHERE deliveries.edition_id = editions.id)"
    )
    _requests()
    _notices()
    op.create_table(
        "leaving_reasons",
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("subscriber_id", "topic_id", name="pk_leaving_reasons"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="fk_leaving_reasons_subscriber_id"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name="fk_leaving_reasons_topic_id"),
        sa.CheckConstraint(f"reason IN ({_REASONS})", name="ck_leaving_reasons_reason"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("leaving_reasons")
    op.drop_table("notices")
    op.drop_table("requests")
    op.drop_column("editions", "published_at")
    op.drop_column("subscriptions", "resumes_at")
    op.drop_column("subscribers", "epoch")


def _requests() -> None:
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handle", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("canonical", sa.String(320), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("wording_id", sa.Integer()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ip", sa.String(45)),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("answered_at", sa.DateTime()),
        sa.Column("outcome", sa.String(16)),
        sa.Column("reminded_at", sa.DateTime()),
        sa.Column("settled_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
        sa.UniqueConstraint("handle", name="uq_requests_handle"),
        sa.ForeignKeyConstraint(["wording_id"], ["wordings.id"], name="fk_requests_wording_id"),
        sa.CheckConstraint(f"kind IN ({_REQUEST_KINDS})", name="ck_requests_kind"),
        sa.CheckConstraint(f"outcome IN ({_OUTCOMES})", name="ck_requests_outcome"),
    )
    op.create_index("ix_requests_canonical_asked_at", "requests", ["canonical", "asked_at"])
    op.create_index("ix_requests_answered_at", "requests", ["answered_at"])


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handle", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("request_id", sa.Integer()),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("canonical", sa.String(320), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(16)),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_attempt_at", sa.DateTime()),
        sa.Column("next_attempt_at", sa.DateTime(), nullable=False),
        sa.Column("claimed_until", sa.DateTime()),
        sa.Column("code", sa.Integer()),
        sa.Column("enhanced", sa.String(16)),
        sa.Column("reply", sa.Text()),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("handle", name="uq_notices_handle"),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_notices_request_id"),
        sa.CheckConstraint(f"kind IN ({_NOTICE_KINDS})", name="ck_notices_kind"),
        sa.CheckConstraint(f"state IN ({_STATES})", name="ck_notices_state"),
        sa.CheckConstraint(f"reason IN ({_SKIPS})", name="ck_notices_reason"),
    )
    op.create_index("ix_notices_request_id", "notices", ["request_id"])
    op.create_index("ix_notices_state_next_attempt_at", "notices", ["state", "next_attempt_at"])
    op.create_index("ix_notices_canonical_created_at", "notices", ["canonical", "created_at"])
