"""Reading what a form sent, before a handler sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

READ_AND_ACT = ("GET", "POST")
"""The methods of an address with a form."""

LARGEST_BODY = 64 * 1024
_MOST_FIELDS = 500
_OUR_FORMS = "application/x-www-form-urlencoded"

Form: TypeAlias = Mapping[str, Sequence[str]]
"""The values of each field, in the order sent; no field without a value."""


def with_form(
    handler: Callable[[Request, Form], Response],
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that reads the whole body and then runs `handler` in the thread pool.

    Answers 413 when the body is larger than `LARGEST_BODY` bytes.
    """

    async def endpoint(request: Request) -> Response:
        form = _fields(request, await _body(request))
        return await run_in_threadpool(handler, request, form)

    return endpoint


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                raise HTTPException(413)
    except ClientDisconnect:
        raise HTTPException(400) from None
    return bytes(body)


def _fields(request: Request, body: bytes) -> Form:
    # A body of any other kind has no fields: one-click unsubscribing needs none, whatever is sent
    # (RFC 8058 section 3.2), and our own forms are all of this kind.
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != _OUR_FORMS:
        return {}
    try:
        return parse_qs(body.decode("utf-8", "replace"), max_num_fields=_MOST_FIELDS)
    except ValueError:  # too many fields
        return {}
