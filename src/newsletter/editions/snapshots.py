"""Snapshots: what was approved, byte for byte, until it has been sent to everyone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from newsletter.domain.attributes import AttributeType
from newsletter.domain.audience_rules import FrozenRule
from newsletter.domain.stored_editions import MailForm, Snapshot, StoredEdition
from newsletter.editions.content_json import canonical_json
from newsletter.storage.schema import snapshot_languages, snapshots


def snapshot_digest(
    stored: StoredEdition,
    messages: Mapping[MailForm, Any],
    pages: Mapping[str, Any],
    segment: str | None,
    rules: Mapping[str, FrozenRule],
) -> str:
    """SHA-256, in hex, over all that is sent and shown, and to whom: the topic and the rules."""
    whole = {
        "edition": stored.slug,
        "topic": stored.topic,
        "segment": segment,
        "rules": _rules_to_json(rules),
        "messages": [[*form, message] for form, message in messages.items()],
        "pages": dict(pages),
    }
    return hashlib.sha256(canonical_json(whole)).hexdigest()


def save(connection: Connection, stored: StoredEdition, snapshot: Snapshot) -> None:
    """Keeps `snapshot` as the edition's one; an earlier one is void from then on."""
    void(connection, stored, snapshot.approved_at)
    key = connection.execute(
        insert(snapshots).values(
            edition_id=stored.id,
            revision=stored.revision,
            digest=snapshot.digest,
            approved_by=snapshot.approved_by,
            approved_at=snapshot.approved_at,
            segment=snapshot.segment,
            rules=_rules_to_json(snapshot.rules),
        )
    ).inserted_primary_key
    connection.execute(
        insert(snapshot_languages),
        [
            {
                "snapshot_id": key[0] if key else None,
                "language": language,
                "variant": variant,
                "position": position,
                "message": message,
                "html": None if variant else snapshot.pages[language],
            }
            for position, ((language, variant), message) in enumerate(snapshot.messages.items())
        ],
    )


def void(connection: Connection, stored: StoredEdition, now: datetime) -> None:
    """Takes the approval away, since the edition was changed."""
    connection.execute(
        update(snapshots)
        .where(snapshots.c.edition_id == stored.id, snapshots.c.voided_at.is_(None))
        .values(voided_at=now)
    )


def current(connection: Connection, stored: StoredEdition) -> Snapshot | None:
    """The snapshot that sending uses, or None for an edition that is not approved."""
    row = connection.execute(
        select(snapshots).where(
            snapshots.c.edition_id == stored.id, snapshots.c.voided_at.is_(None)
        )
    ).first()
    if row is None:
        return None
    parts = connection.execute(
        select(snapshot_languages)
        .where(snapshot_languages.c.snapshot_id == row.id)
        .order_by(snapshot_languages.c.position)
    ).all()
    return Snapshot(
        digest=row.digest,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        messages={(part.language, part.variant): part.message for part in parts},
        pages={part.language: part.html for part in parts if not part.variant},
        segment=row.segment,
        rules=_rules_from_json(row.rules),
    )


def _rules_to_json(rules: Mapping[str, FrozenRule]) -> dict[str, Any]:
    return {name: {"rule": one.text, "types": dict(one.types)} for name, one in rules.items()}


def _rules_from_json(data: Mapping[str, Any]) -> dict[str, FrozenRule]:
    return {
        name: FrozenRule(
            one["rule"], {known: AttributeType(kind) for known, kind in one["types"].items()}
        )
        for name, one in data.items()
    }
