"""SIGTERM, Ctrl-C and a terminal that goes away, while something is sent: what is in flight is
finished first (S14)."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from newsletter.dispatch.stopping import Stopping

_ASKS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_PATIENCE = b"\nFinishing what is on its way. Ctrl-C again stops at once.\n"


@contextmanager
def catch_signals() -> Iterator[Stopping]:
    """What SIGTERM, SIGINT and SIGHUP turn during the block, in the main thread; a second SIGINT
    ends the program at once. A signal that is ignored (SIGHUP by `nohup`) stays so."""
    stopping = Stopping()

    def ask(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            _ask_for_patience()
        stopping.ask()

    heeded = [number for number in _ASKS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, ask) for number in heeded}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ask_for_patience() -> None:
    # Past Python's own streams, in the midst of whose work a signal may come.
    if sys.stderr.isatty():
        os.write(sys.stderr.fileno(), _PATIENCE)
