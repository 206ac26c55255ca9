"""Readers who unsubscribe while something long goes on: how long each of them waits.

Run as a process of its own: `python -m benchmarks.unsubscribing SETTINGS STOP`. Every 20 ms
somebody leaves by the link in the header of their mail (RFC 8058), until the file STOP is there;
then it prints, for each of them, when they came (seconds of the monotonic clock, which is the same
for all processes) and the milliseconds that it took, from the request to the commit.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from newsletter.app.readers.leaving import Leaving
from newsletter.app.workspace import Workspace, open_settings
from newsletter.domain.departures import Leaver
from newsletter.settings.reading import read_settings
from newsletter.storage.engine import reading
from newsletter.storage.schema import subscribers, topics
from newsletter.tokens.tokens import Purpose

BETWEEN = 0.02
"""Seconds between two readers."""


@dataclass
class Waits:
    """How long readers waited: when each came, and the milliseconds that it took. Complete only
    when the block of `while_people_leave` has ended."""

    each: list[tuple[float, float]] = field(default_factory=list)

    def between(self, first: float = 0.0, last: float = float("inf")) -> list[float]:
        """The milliseconds of those who came between two moments."""
        return [taken for came, taken in self.each if first <= came <= last]


@contextmanager
def while_people_leave(settings_file: Path) -> Iterator[Waits]:
    """Until the block ends, readers leave one after the other, in a process of their own."""
    stop = settings_file.with_name("stop-leaving")
    command = [sys.executable, "-m", "benchmarks.unsubscribing", str(settings_file), str(stop)]
    waits = Waits()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as leaving:
        try:
            yield waits
        finally:
            stop.touch()
            out, _ = leaving.communicate()
            stop.unlink()
        waits.each += [(came, taken) for came, taken in json.loads(out)]


def main(settings_file: Path, stop: Path) -> None:
    """Unsubscribes one reader after the other, and prints how long each took."""
    settings = read_settings(settings_file, use_environment=False)
    waits: list[tuple[float, float]] = []
    with open_settings(settings) as workspace:
        desk = Leaving(workspace)
        for token in tokens(workspace):
            if stop.exists():
                break
            came = time.monotonic()
            leaver = desk.leave(token, one_click=True)
            waits.append((came, (time.monotonic() - came) * 1e3))
            if not isinstance(leaver, Leaver) or leaver.is_subscribed:
                raise SystemExit("a reader could not leave")
            time.sleep(BETWEEN)  # readers come one by one; nothing here waits for anything
    print(json.dumps(waits))


def tokens(workspace: Workspace) -> Iterator[str]:
    """The unsubscribe tokens of those who are there at the beginning."""
    with reading(workspace.engine) as connection:
        topic = connection.execute(select(topics.c.public_id)).scalar_one()
        handles = connection.execute(select(subscribers.c.handle).limit(200_000)).scalars().all()
    for handle in handles:
        yield workspace.tokens.token(Purpose.UNSUBSCRIBE, handle=handle, topic=topic, edition=1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
