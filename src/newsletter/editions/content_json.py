"""An edition's content as JSON, lossless in values and order, and the digest taken over it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from newsletter.domain.editions import EditionContent, Form, OnlyFor, Section


def content_to_json(content: EditionContent) -> dict[str, Any]:
    """The content as plain dicts and lists, without file and lines: those are not content."""
    return {
        "edition": content.slug,
        "topic": content.topic,
        "languages": list(content.languages),
        "form": content.form,
        # Only where there is one: so a revision for everyone keeps the digest that it has.
        **({} if content.segment is None else {"segment": content.segment}),
        "subject": dict(content.subject),
        "preheader": dict(content.preheader),
        "sections": [
            {
                "kind": section.kind,
                "id": section.id,
                "only_for": asdict(section.only_for),
                "fields": section.fields,
            }
            for section in content.sections
        ],
    }


def content_from_json(data: Mapping[str, Any]) -> EditionContent:
    """The content that `content_to_json` gave."""
    return EditionContent(
        slug=data["edition"],
        topic=data["topic"],
        languages=tuple(data["languages"]),
        form=Form(data["form"]),
        segment=data.get("segment"),
        subject=data["subject"],
        preheader=data["preheader"],
        sections=tuple(
            Section(
                kind=section["kind"],
                fields=section["fields"],
                id=section["id"],
                only_for=OnlyFor(**section["only_for"]),
            )
            for section in data["sections"]
        ),
    )


def content_digest(content: EditionContent, images: Mapping[str, str]) -> str:
    """SHA-256, in hex, over everything that a reader could notice a change of.

    `images` maps each `src` to the digest of its bytes.
    """
    whole = {"content": content_to_json(content), "images": dict(images)}
    return hashlib.sha256(canonical_json(whole)).hexdigest()


def canonical_json(value: object) -> bytes:
    """JSON in one form only, for digests. Keys keep their order: an author's order is content."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
