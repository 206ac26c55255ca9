"""Every table of the database, on one page.

Ids that leave the house are random (`handle`, `public_id`); the numbers of rows never do. The
ledgers (`consents`, `audit`) are append-only. The migrations must make exactly these tables; a test
compares them.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from newsletter.domain.deliveries import DeliveryState
from newsletter.domain.editions import EditionState
from newsletter.domain.lanes import LaneKind
from newsletter.domain.notices import NoticeKind, NoticeSkip
from newsletter.domain.people import Basis, MailFormat, SubscriptionStatus, SuppressionReason
from newsletter.domain.requests import LeavingReason, RequestKind, RequestOutcome
from newsletter.storage.column_types import Unsigned64, UtcDateTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _one_after_another(column: str, values: type[StrEnum]) -> CheckConstraint:
    """The same, for a table into which a million rows go at once: of a list of more than two SQLite
    makes a table first, anew for each row that it checks."""
    asked = " OR ".join(f"{column} = '{value}'" for value in values)
    return CheckConstraint(asked, name=column)


topics = Table(
    "topics",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", BigInteger, nullable=False, unique=True),  # 32 random bits
    Column("slug", String(64), nullable=False, unique=True),
    Column("names", JSON, nullable=False),  # language -> words
    Column("private", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("handle", Unsigned64, nullable=False),  # 64 random bits; found by `handles`
    Column("address", String(320), nullable=False),  # as it was typed
    Column("canonical", String(320), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("language", String(16), nullable=False),
    Column("format", String(8), nullable=False),
    Column("attributes", JSON().with_variant(JSONB(), "postgresql"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # Counts up when the person's links to the preferences are to open nothing any more (T4).
    Column("epoch", Integer, nullable=False, server_default="0"),
    _one_of("format", MailFormat),
)

# An index over random numbers is touched all over by each slice of an import, a page of journal for
# every person. This one is filled when the import is in, in the order of the numbers. It refers to
# people without a foreign key, for which each of them who goes would have it looked through whole.
handles = Table(
    "handles",
    metadata,
    Column("handle", Unsigned64, primary_key=True, autoincrement=False),
    Column("subscriber_id", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Without SQLite's hidden row number: the table is its own index, and so is the one by status.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("subscriber_id", ForeignKey("subscribers.id"), primary_key=True),
    Column("topic_id", ForeignKey("topics.id"), primary_key=True),
    Column("status", String(16), nullable=False),
    Column("basis", String(24), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("resumes_at", UtcDateTime),  # of a paused one
    _one_of("status", SubscriptionStatus),
    _one_of("basis", Basis),
    Index(None, "topic_id", "status"),
    sqlite_with_rowid=False,
)

wordings = Table(  # what people were told, each wording once (L1)
    "wordings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),  # of the three below
    Column("language", String(16), nullable=False),  # "" when nobody said
    Column("version", String(64), nullable=False),
    Column("text", Text, nullable=False),
)

imports = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("topic_id", ForeignKey("topics.id")),  # none for a list that names its own
    Column("file", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),  # of the file and all that was ordered
    Column("actor", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),  # none while it runs, or when it was broken off
    Column("undone_at", UtcDateTime),
    Column("position", String(320)),  # the last canonical address that is in
    Column("added", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("skipped", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
)

consents = Table(  # append-only (L1); only erasure and retention blank what names a person
    "consents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscriber_id", ForeignKey("subscribers.id"), index=True),  # none once erased
    Column("topic_id", ForeignKey("topics.id"), nullable=False),
    Column("status", String(16)),  # what the subscription became; none when it was taken away
    Column("basis", String(24), nullable=False),
    Column("source", Text, nullable=False),  # where it came from: a file, a page, a command
    Column("wording_id", ForeignKey("wordings.id")),  # none when nobody knows
    Column("actor", String(200), nullable=False),
    Column("ip", String(45)),  # kept for 90 days (L6)
    Column("at", UtcDateTime, nullable=False),
    Column("import_id", ForeignKey("imports.id")),
    _one_of("status", SubscriptionStatus),
    _one_of("basis", Basis),
)

# What people asked for on a public page and have to confirm by a link in their mailbox. They are
# known by their address only: whoever signs up is not on the list yet, and may never be.
requests = Table(
    "requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("handle", Unsigned64, nullable=False, unique=True),  # 64 random bits, in its token
    Column("kind", String(16), nullable=False),
    Column("address", String(320), nullable=False),  # as it was typed
    Column("canonical", String(320), nullable=False),
    Column("language", String(16), nullable=False),  # of the page, and so of what we answer
    Column("details", JSON, nullable=False),  # by kind: topics, the other address of a change
    Column("wording_id", ForeignKey("wordings.id")),  # what stood on the page (L1)
    Column("source", Text, nullable=False),
    Column("ip", String(45)),  # kept for 90 days (L6)
    Column("asked_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),  # none while it waits to be looked at
    Column("outcome", String(16)),  # of looking at it; none before
    Column("reminded_at", UtcDateTime),
    Column("settled_at", UtcDateTime),  # when it was confirmed, which can be done once
    _one_of("kind", RequestKind),
    _one_of("outcome", RequestOutcome),
    Index(None, "canonical", "asked_at"),
    Index(None, "answered_at"),
)

notices = Table(  # mail to one person about what they asked for
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("handle", Unsigned64, nullable=False, unique=True),  # 64 random bits, in its Message-ID
    Column("kind", String(16), nullable=False),
    Column("request_id", ForeignKey("requests.id"), index=True),
    Column("address", String(320), nullable=False),
    Column("canonical", String(320), nullable=False),
    Column("language", String(16), nullable=False),
    Column("details", JSON, nullable=False),  # what its words need
    Column("state", String(16), nullable=False),
    Column("reason", String(16)),  # of a skip
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),  # after which it is of no use
    Column("attempts", Integer, nullable=False),
    Column("first_attempt_at", UtcDateTime),
    Column("next_attempt_at", UtcDateTime, nullable=False),
    Column("claimed_until", UtcDateTime),  # of one that somebody is sending
    Column("code", Integer),
    Column("enhanced", String(16)),
    Column("reply", Text),
    Column("updated_at", UtcDateTime, nullable=False),
    _one_of("kind", NoticeKind),
    _one_of("state", DeliveryState),
    _one_of("reason", NoticeSkip),
    Index(None, "state", "next_attempt_at"),
    Index(None, "canonical", "created_at"),
)

leaving_reasons = Table(  # what people said when they had left, if they did
    "leaving_reasons",
    metadata,
    Column("subscriber_id", ForeignKey("subscribers.id"), primary_key=True),
    Column("topic_id", ForeignKey("topics.id"), primary_key=True),
    Column("reason", String(24), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    _one_of("reason", LeavingReason),
    sqlite_with_rowid=False,
)

import_changes = Table(  # what an import changed of people who were there, to undo it
    "import_changes",
    metadata,
    Column("import_id", ForeignKey("imports.id"), primary_key=True),
    Column("subscriber_id", ForeignKey("subscribers.id"), primary_key=True, index=True),
    Column("name_before", String(200), nullable=False),
    Column("name_after", String(200), nullable=False),
    Column("language_before", String(16), nullable=False),
    Column("language_after", String(16), nullable=False),
    Column("format_before", String(8), nullable=False),
    Column("format_after", String(8), nullable=False),
    Column("attributes_before", JSON().with_variant(JSONB(), "postgresql"), nullable=False),
    Column("attributes_after", JSON().with_variant(JSONB(), "postgresql"), nullable=False),
)

suppressions = Table(
    "suppressions",
    metadata,
    # A canonical address, `@` and a domain, or the seal of an erased one (tokens.erasure_seals).
    Column("target", String(340), primary_key=True),
    Column("reason", String(16), nullable=False),
    Column("evidence", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("import_id", ForeignKey("imports.id")),  # the one that it came by, until anybody adds
    _one_of("reason", SuppressionReason),
    Index(None, "reason"),
)

segments = Table(
    "segments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("rule", Text, nullable=False),  # in the closed grammar, never SQL (X14)
    Column("created_at", UtcDateTime, nullable=False),
)

audit = Table(  # append-only (X15)
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("action", String(64), nullable=False),  # "edition approve"
    Column("subject", String(400), nullable=False),  # the slug or the like; never an address
    Column("detail", Text, nullable=False),
)

editions = Table(
    "editions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", BigInteger, nullable=False, unique=True),  # 32 random bits
    Column("slug", String(64), nullable=False, unique=True),
    Column("topic_id", ForeignKey("topics.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("held_reason", String(24)),
    Column("held_from", String(16)),  # the state to go back to when the hold is lifted
    Column("revision", Integer, nullable=False),  # the number of the newest one
    Column("source_file", Text, nullable=False),
    Column("source_digest", String(64), nullable=False),  # of the file's bytes
    Column("scheduled_at", UtcDateTime),
    Column("scheduled_zone", String(64)),
    Column("released_at", UtcDateTime),  # when a person last let it go on: it is not late before
    Column("attempted_at", UtcDateTime),  # when a sender last took on deliveries of it
    Column("published_at", UtcDateTime),  # when it began to be sent, and so was public (archive)
    Column("overruled", String(200)),  # held reasons that a person resumed it from, by commas
    Column("created_at", UtcDateTime, nullable=False),
    _one_of("state", EditionState),
)

edition_revisions = Table(
    "edition_revisions",
    metadata,
    Column("edition_id", ForeignKey("editions.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content", JSON, nullable=False),
    Column("digest", String(64), nullable=False),  # of the content and its images
    Column("actor", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

edition_confirmations = Table(  # append-only: a person says that a translation still holds
    "edition_confirmations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("edition_id", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("language", String(16), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(
        ["edition_id", "revision"], ["edition_revisions.edition_id", "edition_revisions.number"]
    ),
)

images = Table(
    "images",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

revision_images = Table(
    "revision_images",
    metadata,
    Column("edition_id", Integer, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("src", String(400), primary_key=True),  # as the edition file names it
    Column("digest", ForeignKey("images.digest"), nullable=False),
    ForeignKeyConstraint(
        ["edition_id", "revision"], ["edition_revisions.edition_id", "edition_revisions.number"]
    ),
)

snapshots = Table(  # immutable but for `voided_at`
    "snapshots",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("edition_id", ForeignKey("editions.id"), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("approved_by", String(200), nullable=False),
    Column("approved_at", UtcDateTime, nullable=False),
    Column("voided_at", UtcDateTime),  # the edition was changed after this approval
    Column("segment", String(64)),  # whom the edition is for; none for all of its topic
    Column("rules", JSON, nullable=False),  # segment -> rule, of every segment that it names
)

snapshot_languages = Table(
    "snapshot_languages",
    metadata,
    Column("snapshot_id", ForeignKey("snapshots.id"), primary_key=True),
    Column("language", String(16), primary_key=True),
    Column("variant", String(260), primary_key=True),  # names of segments, "" for the plain form
    Column("position", Integer, nullable=False),  # in the edition's order; the first one serves all
    Column("message", JSON, nullable=False),  # a MessageTemplate's pieces
    Column("html", JSON, nullable=False),  # the same page, for the view in a browser
)

senders = Table(  # processes that send, each with a journal of its own
    "senders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("host", String(255), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("journal", String(200), nullable=False, unique=True),  # the file's name in its folder
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),  # when it last recorded anything
    Column("closed_at", UtcDateTime),  # none while its journal may hold what is not recorded here
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("edition_id", ForeignKey("editions.id"), nullable=False),
    Column("subscriber_id", ForeignKey("subscribers.id"), index=True),  # none once erased
    Column("language", String(16), nullable=False),
    Column("format", String(8), nullable=False),
    Column("variant", String(260), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(24)),  # of a skip
    Column("attempts", Integer, nullable=False),
    Column("sender_id", ForeignKey("senders.id")),  # who took it on last
    Column("first_attempt_at", UtcDateTime),
    Column("next_attempt_at", UtcDateTime),
    Column("code", Integer),
    Column("enhanced", String(16)),
    Column("reply", Text),
    Column("transport", String(16)),  # what took the last attempt: smtp or maildir
    Column("receiver", String(255)),  # the address's domain, from when it was first taken on
    Column("updated_at", UtcDateTime),  # none since the freeze: a text for each of a million costs
    _one_after_another("state", DeliveryState),
    _one_of("format", MailFormat),
    UniqueConstraint("edition_id", "subscriber_id"),
    # Hands over what is due: what was never put off in the order of the freeze, then by its time.
    Index(None, "edition_id", "state", "next_attempt_at", "id"),
)

# Append-only (design 5): what each attempt came to. Without SQLite's hidden row number: the table
# is its own index.
delivery_attempts = Table(
    "delivery_attempts",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("number", Integer, primary_key=True),  # from 1
    Column("sender_id", ForeignKey("senders.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),  # accepted, deferred, failed or unknown
    Column("code", Integer),
    Column("enhanced", String(16)),
    Column("reply", Text),  # blanked when the person is erased: servers quote addresses
    Column("transport", String(16), nullable=False),
    Column("relay", String(255)),  # host and port; none of the outbox, and of what a journal told
    _one_after_another("state", DeliveryState),
    sqlite_with_rowid=False,
)

# What one relay, or the mail system of one domain, takes from us. Only those are here of which
# anything is to be remembered; all others take what comes.
lanes = Table(
    "lanes",
    metadata,
    Column("kind", String(8), primary_key=True),
    Column("name", String(255), primary_key=True),  # host and port of a relay, or a domain
    Column("rate", Float),  # messages in a second, now; none: as many as come
    Column("full_rate", Float),  # what the rate grows back to
    Column("rate_changed_at", UtcDateTime),
    Column("next_at", UtcDateTime),  # when the next message may go, by the rate
    Column("closed_until", UtcDateTime),
    Column("closed_for", Integer, nullable=False),  # seconds it was closed for, the last time
    Column("code", String(16)),  # of the answers below
    Column("refused", JSON, nullable=False),  # deliveries refused in a row by a fault of ours
    Column("updated_at", UtcDateTime, nullable=False),
    _one_of("kind", LaneKind),
)

live_copy = Table(  # which copy of the database is live (design 5): one row
    "live_copy",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("identity", Text, nullable=False),  # of the file or the server, in words
    Column("counter", Integer, nullable=False),  # the same as beside the journals
    Column("bound_at", UtcDateTime, nullable=False),
)

retired_deliveries = Table(  # how many rows retention took away, so that totals add up for ever
    "retired_deliveries",
    metadata,
    Column("edition_id", ForeignKey("editions.id"), primary_key=True),
    Column("state", String(16), primary_key=True),
    Column("reason", String(24), primary_key=True),  # of a skip, else ""
    Column("language", String(16), primary_key=True),
    Column("number", Integer, nullable=False),
    _one_of("state", DeliveryState),
)
