"""The runs of the benchmark of sending: all senders by turns, and one through a long list."""

from __future__ import annotations

import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mail_senders import Start, nodemailer_pool, our_sender, smtp_source
from benchmarks.mailing_workspace import approve_edition, make_workspace, plain_message
from benchmarks.receiving import Flow, Receiver
from benchmarks.unsubscribing import Waits, while_people_leave

NEWSLETTER, SMTP_SOURCE, NODEMAILER = "newsletter", "smtp-source", "nodemailer's pool"
SLOWER = 5
"""nodemailer sends a fifth of the messages of the others, which takes it as long."""

Flows = Mapping[str, Sequence[Flow]]
"""What came of each sender, round by round; of one that is missing nothing."""


@dataclass(frozen=True, slots=True)
class LongRun:
    """A run through the long list, when it was started, and how long those waited who left from
    before it began to its end."""

    began: float
    flow: Flow
    waits: Waits


def send_in_rounds(folder: Path, sink: Receiver, *, rounds: int, people: int) -> Flows:
    """Lets all senders that are there send by turns."""
    settings = make_workspace(folder, people=people, port=sink.port)
    editions = [approve_edition(settings, f"round-{number}") for number in range(rounds)]
    message = plain_message(settings, editions[0])
    peers: dict[str, tuple[Start | None, int]] = {
        SMTP_SOURCE: (smtp_source(sink.port, message.octets), people),
        NODEMAILER: (nodemailer_pool(sink.port, message, folder), people // SLOWER),
    }
    flows: dict[str, list[Flow]] = {name: [] for name in (NEWSLETTER, *peers)}
    for slug in editions:
        flows[NEWSLETTER].append(sink.watch(our_sender(settings, slug)))
        for name, (start, messages) in peers.items():
            if start is not None:
                flows[name].append(sink.watch(start(messages)))
    return flows


def send_while_people_leave(settings: Path, slug: str, sink: Receiver, enough: int) -> LongRun:
    """Sends an edition until `enough` people have it, while readers leave."""
    with while_people_leave(settings) as waits:
        began = time.monotonic()
        sender = our_sender(settings, slug)

        def stop_when_enough(before: int, messages: int) -> None:
            if before < enough <= messages:
                sender.send_signal(signal.SIGTERM)  # it finishes what is on its way

        flow = sink.watch(sender, stop_when_enough)
    return LongRun(began, flow, waits)
