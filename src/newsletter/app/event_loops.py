"""The event loop that sending runs in."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs `work` to its end, in uvloop's loop where that is installed (the extra `fast`)."""
    # What is loaded by now stays: the collector need not walk it again and again.
    gc.freeze()
    with asyncio.Runner(loop_factory=_fast_loops()) as runner:
        return runner.run(work)


def _fast_loops() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    new_loop: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return new_loop
