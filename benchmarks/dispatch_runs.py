"""The runs of the benchmark of sending: all senders by turns, and one through a long list."""

from __future__ import annotations

import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.mail_senders import Start, nodemailer_pool, our_sender, smtp_source
from benchmarks.mailing_workspace import approve_edition, make_workspace, plain_message
from benchmarks.receiving import Flow, Receiver
from benchmarks.unsubscribing import Waits, while_people_leave

NEWSLETTER, FAST = "newsletter", "newsletter with uvloop"
SMTP_SOURCE, NODEMAILER = "smtp-source", "nodemailer's pool"
SLOWER = 5
"""nodemailer sends a fifth of the messages of the others, which takes it as long."""
BEFORE = 10
"""Seconds for which readers leave before the long run begins."""

Flows = Mapping[str, Sequence[Flow]]
"""What came of each sender, round by round; of one that is missing nothing."""


@dataclass(frozen=True, slots=True)
class LongRun:
    """A run through the long list, when it was started, and how long those waited who left from
    some seconds before it began to its end."""

    began: float
    flow: Flow
    waits: Waits


def send_in_rounds(folder: Path, sink: Receiver, *, rounds: int, people: int) -> Flows:
    """Lets all senders that are there send by turns."""
    settings = make_workspace(folder, people=people, port=sink.port)
    editions = [approve_edition(settings, f"round-{number}") for number in range(2 * rounds)]
    message = plain_message(settings, editions[0])
    senders: dict[str, tuple[Start | None, int]] = {
        NEWSLETTER: (lambda _: our_sender(settings, editions.pop()), people),
        SMTP_SOURCE: (smtp_source(sink.port, message.octets), people),
        FAST: (_fast_sender(settings, editions), people),
        NODEMAILER: (nodemailer_pool(sink.port, message, folder), people // SLOWER),
    }
    flows: dict[str, list[Flow]] = {name: [] for name in senders}
    for _ in range(rounds):
        for name, (start, messages) in senders.items():
            if start is not None:
                flows[name].append(sink.watch(start(messages)))
    return flows


def _fast_sender(settings: Path, editions: list[str]) -> Start | None:
    if find_spec("uvloop") is None:
        return None
    return lambda _: our_sender(settings, editions.pop(), is_fast=True)


def send_while_people_leave(settings: Path, slug: str, sink: Receiver, enough: int) -> LongRun:
    """Sends an edition until `enough` people have it, while readers leave."""
    with while_people_leave(settings) as waits:
        time.sleep(BEFORE)  # readers leave with nobody in their way
        began = time.monotonic()
        sender = our_sender(settings, slug)

        def stop_when_enough(before: int, messages: int) -> None:
            if before < enough <= messages:
                sender.send_signal(signal.SIGTERM)  # it finishes what is on its way

        flow = sink.watch(sender, stop_when_enough)
    return LongRun(began, flow, waits)
