"""A loop on whose clock no time passes but when a test says so."""

from __future__ import annotations

import asyncio


class MovedClock(asyncio.SelectorEventLoop):
    """Its time goes on as ever, and is `ahead` by as many seconds as a test likes."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead
