"""Answers that are the same for everybody: they may be kept for a while, and found by anybody."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

_MAY_BE_KEPT = "public, max-age=300"
"""For minutes only: an edition that is undone, and a topic that becomes private, are gone then."""


def open_to_all(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of a page for one reader as those of a page for everybody: search engines may
    list it, and caches keep it."""
    return {name: one for name, one in headers.items() if name != "X-Robots-Tag"} | {
        "Cache-Control": _MAY_BE_KEPT
    }


def public_answer(
    request: Request,
    content: bytes,
    headers: Mapping[str, str],
    media_type: str,
    *,
    changed_at: datetime | None = None,
) -> Response:
    """The content with what a cache asks for it by the next time, or a 304 when it has it already
    (RFC 9110 section 13.2.2)."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    marked = dict(headers) | {"ETag": etag}
    if changed_at is not None:
        marked["Last-Modified"] = format_datetime(changed_at.astimezone(UTC), usegmt=True)
    if _is_had(request, etag, changed_at):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=marked)
    return Response(content, media_type=media_type, headers=marked)


def _is_had(request: Request, etag: str, changed_at: datetime | None) -> bool:
    asked = request.headers.get("If-None-Match")
    if asked is not None:  # then the date counts for nothing
        had = {one.strip().removeprefix("W/") for one in asked.split(",")}
        return etag in had or "*" in had
    since = _instant(request.headers.get("If-Modified-Since", ""))
    if since is None or changed_at is None:
        return False
    return changed_at.replace(microsecond=0) <= since


def _instant(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
