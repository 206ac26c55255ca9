"""The runs of the benchmark of sending: all senders by turns, and one through a long list."""

from __future__ import annotations

import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.mail_senders import Start, nodemailer_pool, our_sender, smtp_source
from benchmarks.mailing_workspace import approve_edition, make_workspace, plain_message
from benchmarks.receiving import Flow, Receiver
from benchmarks.signing import Signing
from benchmarks.signing_floor import SigningFloor, measure_floor
from benchmarks.unsubscribing import Waits, while_people_leave

NEWSLETTER, FAST, SIGNING = "newsletter", "newsletter with uvloop", "newsletter, signing"
SMTP_SOURCE, NODEMAILER = "smtp-source", "nodemailer's pool"
NODEMAILER_SIGNING = "nodemailer's pool, signing"
SLOWER = 5
"""nodemailer sends a fifth of the messages of the others, which takes it as long."""
BEFORE = 10
"""Seconds for which readers leave before the long run begins."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """What came of each sender, round by round, of one that is missing nothing; and what signing
    cost by itself in each round."""

    flows: Mapping[str, list[Flow]]
    floors: list[SigningFloor]


@dataclass(frozen=True, slots=True)
class LongRun:
    """A run through the long list, when it was started, and how long those waited who left from
    some seconds before it began to its end."""

    began: float
    flow: Flow
    waits: Waits


def send_in_rounds(
    folder: Path, sink: Receiver, signing: Signing, *, rounds: int, people: int
) -> Rounds:
    """Lets all senders that are there send by turns; in each round the floor is measured, too."""
    settings = make_workspace(folder, people=people, port=sink.port)
    editions = [approve_edition(settings, f"round-{number}") for number in range(3 * rounds)]
    message = plain_message(settings, editions[0])
    signed, key = signing.settings(settings), signing.for_nodemailer()
    senders: dict[str, tuple[Start | None, int]] = {
        NEWSLETTER: (lambda _: our_sender(settings, editions.pop()), people),
        SMTP_SOURCE: (smtp_source(sink.port, message.octets), people),
        FAST: (_fast_sender(settings, editions), people),
        SIGNING: (lambda _: our_sender(signed, editions.pop()), people),
        NODEMAILER: (nodemailer_pool(sink.port, message, folder), people // SLOWER),
        NODEMAILER_SIGNING: (nodemailer_pool(sink.port, message, folder, key), people // SLOWER),
    }
    done = Rounds({name: [] for name in senders}, [])
    for _ in range(rounds):
        for name, (start, messages) in senders.items():
            if start is not None:
                done.flows[name].append(sink.watch(start(messages)))
        done.floors.append(measure_floor(signing.key, message.octets))
    return done


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
