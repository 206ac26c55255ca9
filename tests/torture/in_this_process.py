"""Sending in this process, for what a process of its own cannot be told: the time, how long to
wait, what breaks inside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from newsletter.app.send_report import SendReport
from newsletter.app.sending import Sender
from newsletter.app.workspace import Workspace, open_settings
from newsletter.settings.reading import read_settings
from tests.torture.edition_run import EditionRun
from tests.torture.receiver import FAST
from tests.workspaces import Clock


@contextmanager
def opened(edition: EditionRun, clock: Clock) -> Iterator[Workspace]:
    """The edition's workspace."""
    settings = read_settings(edition.config, use_environment=False)
    with open_settings(settings, now=clock) as workspace:
        yield workspace


def send_due(edition: EditionRun, clock: Clock) -> SendReport:
    """What `send due` does."""
    with opened(edition, clock) as workspace:
        return Sender(workspace, "test").due()


def send_again(edition: EditionRun, clock: Clock) -> None:
    """Once the relay is well again, and what was deferred is due, half an hour and a bit later."""
    edition.receiver.manner = FAST
    clock.move(minutes=37)
    send_due(edition, clock)
