"""npm mjml and juice, warm in one node process that takes orders."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any
from uuid import uuid4

from benchmarks.editions import Rendered
from benchmarks.rounds import Candidate

WARM_UP = 150
PEERS = Path(__file__).parent / "peers"


class PeerMissing(Exception):
    """The peers cannot be run here; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class NpmPeers:
    """The running process; `versions` are those of node, mjml and juice by name."""

    versions: dict[str, str]
    _orders: IO[str]
    _answers: IO[str]
    _folder: Path

    def html(self, rendered: Rendered) -> str:
        """What npm mjml makes of the MJML."""
        mjml, _ = self._files(rendered)
        html = self._folder / "peer.html"
        self._ask(mjml=str(mjml), html=str(html))
        return html.read_text(encoding="utf-8")

    def warm_up(self, mails: list[Rendered]) -> None:
        """Let node compile what it will, which takes it about a hundred mails."""
        self.candidate(mails)(WARM_UP // len(mails))

    def candidate(self, mails: list[Rendered]) -> Candidate:
        """The candidate that makes HTML of the mails' MJML and inlines their sheet."""
        files = [self._files(mail) for mail in mails]

        def run(times: int) -> float:
            orders = [{"mjml": str(mjml), "css": str(css), "times": times} for mjml, css in files]
            microseconds: float = sum(self._ask(**order)["us"] for order in orders)
            return microseconds / 1e6

        return run

    def _files(self, rendered: Rendered) -> tuple[Path, Path]:
        name = uuid4().hex
        mjml, css = self._folder / f"{name}.mjml", self._folder / f"{name}.css"
        mjml.write_text(rendered.mjml, encoding="utf-8")
        css.write_text(rendered.sheet, encoding="utf-8")
        return mjml, css

    def _ask(self, **order: object) -> dict[str, Any]:
        self._orders.write(f"{json.dumps(order)}\n")
        self._orders.flush()
        return _answer(self._answers)


@contextmanager
def npm_peers() -> Iterator[NpmPeers]:
    """The peers, for as long as the block runs; raises PeerMissing when they are not there."""
    _require_installed()
    command = ["node", "render.js"]
    with (
        TemporaryDirectory() as folder,
        subprocess.Popen(
            command, cwd=PEERS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        versions = _answer(process.stdout)
        yield NpmPeers(versions, process.stdin, process.stdout, Path(folder))
        process.stdin.close()


def _require_installed() -> None:
    if shutil.which("node") is None:
        raise PeerMissing("node is not installed")
    if not (PEERS / "node_modules" / "mjml").is_dir():
        raise PeerMissing(f"not installed; run npm ci in benchmarks/{PEERS.name}")


def _answer(answers: IO[str]) -> dict[str, Any]:
    line = answers.readline()
    if not line:
        raise RuntimeError("benchmarks/peers/render.js ended; it says why above")
    answer: dict[str, Any] = json.loads(line)
    return answer
