"""Who sends in the benchmark: ours, Postfix's smtp-source and nodemailer's pool, each started as a
process of its own that ends when its messages are accepted."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.mailing_workspace import CONNECTIONS, PlainMessage
from benchmarks.npm_peers import PEERS
from benchmarks.receiving import postfix_program

ENVELOPE_SENDER = "bounces@news.example.org"
_WRITTEN_BY_NODEMAILER = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID")
_OF_BODIES = ("MIME-Version", "Content-Type", "List-Unsubscribe")
_WITHOUT_UVLOOP = """
import sys
sys.modules["uvloop"] = None
from newsletter.__main__ import main
main()
"""

StartedSender = subprocess.Popen[bytes]

Start = Callable[[int], StartedSender]
"""Starts a sender of so many messages."""


def our_sender(settings: Path, slug: str, *, is_fast: bool = False) -> StartedSender:
    """`newsletter send run` of an approved edition, to everyone; with the extra `fast`, or as where
    that is not installed."""
    program = ["-m", "newsletter"] if is_fast else ["-c", _WITHOUT_UVLOOP]
    words = ["send", "run", slug, "--yes", "--config", str(settings)]
    return _started([sys.executable, *program, *words])


def smtp_source(port: int, octets: int) -> Start | None:
    """Postfix's generator of mail, whose messages are all the same; None when it is missing."""
    program = postfix_program("smtp-source")
    if program is None:
        return None
    # -d: further messages go over the same connection.
    command = [program, "-d", "-s", str(CONNECTIONS), "-l", str(octets), "-f", ENVELOPE_SENDER]
    command += ["-t", "reader@example.org"]
    return lambda messages: _started([*command, "-m", str(messages), f"127.0.0.1:{port}"])


def nodemailer_pool(
    port: int, message: PlainMessage, folder: Path, signing: Mapping[str, str] | None = None
) -> Start | None:
    """nodemailer, which writes the message anew for each reader, and signs it where it is told by
    what key (`signing`, its option `dkim`); None when it is missing."""
    if shutil.which("node") is None or not (PEERS / "node_modules" / "nodemailer").is_dir():
        return None

    def start(messages: int) -> StartedSender:
        order = folder / "order.json"
        words = _order(port, message, messages) | {"dkim": signing}
        order.write_text(json.dumps(words), encoding="utf-8")
        return _started(["node", "send.js", str(order)], folder=PEERS)

    return start


def _order(port: int, message: PlainMessage, messages: int) -> dict[str, object]:
    ours = {*_WRITTEN_BY_NODEMAILER, *_OF_BODIES}
    return {
        "port": port,
        "messages": messages,
        "connections": CONNECTIONS,
        "envelope": ENVELOPE_SENDER,
        "headers": message.headers,
        "more": {name: value for name, value in message.headers.items() if name not in ours},
        "html": message.html,
        "text": message.text,
        "values": message.values,
    }


def _started(command: list[str], folder: Path | None = None) -> StartedSender:
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
