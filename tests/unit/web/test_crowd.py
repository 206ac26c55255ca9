"""What a crowd finds."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from newsletter.web.crowd import Crowd

SCOPE: Scope = {"type": "http", "method": "GET", "path": "/", "headers": []}


async def _no_body() -> Any:
    return {"type": "http.request", "body": b""}


class Counter:
    """The statuses that were answered."""

    def __init__(self) -> None:
        self.statuses: list[int] = []

    async def __call__(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.statuses.append(message["status"])


def test_a_request_above_the_most_is_refused_and_a_later_one_is_served() -> None:
    async def scene() -> list[int]:
        may_end, answered = asyncio.Event(), Counter()

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            await may_end.wait()
            await PlainTextResponse("done")(scope, receive, send)

        crowd = Crowd(slow, PlainTextResponse("full", status_code=503), most=2)
        first = [asyncio.create_task(crowd(SCOPE, _no_body, answered)) for _ in range(2)]
        await asyncio.sleep(0)
        await crowd(SCOPE, _no_body, answered)
        may_end.set()
        await asyncio.gather(*first)
        await crowd(SCOPE, _no_body, answered)
        return answered.statuses

    assert asyncio.run(scene()) == [503, 200, 200, 200]


def test_who_leaves_by_one_click_is_never_refused() -> None:
    """T10"""
    served = PlainTextResponse("done")
    crowd = Crowd(served, PlainTextResponse("full", status_code=503), most=0)
    answered = Counter()

    async def scene() -> None:
        await crowd(SCOPE, _no_body, answered)
        await crowd({**SCOPE, "path": "/u/token"}, _no_body, answered)

    asyncio.run(scene())

    assert answered.statuses == [503, 200]
