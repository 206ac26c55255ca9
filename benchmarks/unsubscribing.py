"""Readers who unsubscribe while something long goes on: how long each of them waits.

Run as a process of its own: `python -m benchmarks.unsubscribing SETTINGS STOP`. Every 20 ms
somebody leaves by the link in the header of their mail (RFC 8058), until the file STOP is there;
then it prints the milliseconds that each took, from the request to the commit.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from newsletter.app.reading import ReadersDesk
from newsletter.app.workspace import Workspace, open_settings
from newsletter.settings.reading import read_settings
from newsletter.storage.engine import reading
from newsletter.storage.schema import subscribers, topics
from newsletter.tokens.tokens import Purpose

BETWEEN = 0.02
"""Seconds between two readers."""


def main(settings_file: Path, stop: Path) -> None:
    """Unsubscribes one reader after the other, and prints how long each took."""
    settings = read_settings(settings_file, use_environment=False)
    taken: list[float] = []
    with open_settings(settings) as workspace:
        desk = ReadersDesk(workspace)
        for token in tokens(workspace):
            if stop.exists():
                break
            began = time.perf_counter()
            reader = desk.leave(token, one_click=True)
            taken.append((time.perf_counter() - began) * 1e3)
            if reader is None or any(one.subscribed for one in reader.topics):
                raise SystemExit("a reader could not leave")
            time.sleep(BETWEEN)  # readers come one by one; nothing here waits for anything
    print(json.dumps(taken))


def tokens(workspace: Workspace) -> Sequence[str]:
    """The unsubscribe token of everybody who is there at the beginning."""
    with reading(workspace.engine) as connection:
        topic = connection.execute(select(topics.c.public_id)).scalar_one()
        handles = connection.execute(select(subscribers.c.handle).limit(200_000)).scalars().all()
    return [
        workspace.tokens.token(Purpose.UNSUBSCRIBE, handle=handle, topic=topic, edition=1)
        for handle in handles
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
