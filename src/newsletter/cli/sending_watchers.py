"""Who watches while something is sent: a bar for people, a log for machines, lines for a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from newsletter.cli.sending_lines import SendingLines
from newsletter.cli.sending_log import SendingLog
from newsletter.dispatch.watching import Unwatched, Watcher


@contextmanager
def watching(now: Callable[[], datetime], *, as_log: bool, is_for_cron: bool) -> Iterator[Watcher]:
    """A watcher for the block: a log when that is asked for; else a bar on a terminal, and lines
    elsewhere, but none for cron, which mails every line."""
    if as_log:
        yield SendingLog(now)
    elif sys.stderr.isatty():
        # Imported here: what draws takes longer to load than most minutes' `send due` takes.
        from newsletter.cli.sending_bar import SendingBar

        with SendingBar() as bar:
            yield bar
    else:
        yield Unwatched() if is_for_cron else SendingLines()
