"""Acting on a request whatever its body is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

MOST_DISCARDED = 16 * 2**20
"""Bytes of a body that are taken in and thrown away, so that its sender hears the answer."""


def with_any_body(
    handler: Callable[[Request], Response],
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that runs `handler` in the thread pool and never looks at the body.

    Only then is the body taken in, up to `MOST_DISCARDED` bytes, and thrown away: a sender to whom
    nobody listens may take the end of the connection for the answer. After more than that the
    connection ends.
    """

    async def endpoint(request: Request) -> Response:
        response = await run_in_threadpool(handler, request)
        await _discard_body(request)
        return response

    return endpoint


async def _discard_body(request: Request) -> None:
    discarded = 0
    try:
        async for chunk in request.stream():
            discarded += len(chunk)
            if discarded > MOST_DISCARDED:
                return
    except ClientDisconnect:
        return  # it was done all the same
