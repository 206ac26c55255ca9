"""Senders that can be killed: the real commands, each a process of its own."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.torture.saboteurs import UNHARMED, Sabotage

PATIENCE = 120
"""Seconds after which a sender that does not end is a failed test."""
_ROOT = Path(__file__).parents[2]
KILLED = -signal.SIGKILL
"""The exit code of a sender that was killed."""


@dataclass(frozen=True)
class Sender:
    """One process; `code` waits for its end and gives its exit code, -9 for one that was killed."""

    pidfd: int
    code: Callable[[], int]
    output: Path

    def kill(self) -> None:
        """`kill -9`; nothing happens to a process that has ended by itself."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def ends_within(self, seconds: float) -> bool:
        """Waits for so long at most; says whether it has ended."""
        watch = select.poll()
        watch.register(self.pidfd, select.POLLIN)
        return bool(watch.poll(max(0.0, seconds) * 1000))

    def end(self) -> int:
        """Waits for the end, and gives the exit code."""
        assert self.ends_within(PATIENCE), f"it does not end: {self.said}"
        return self.code()

    def forget(self) -> None:
        """Lets go of a process that has ended; nobody may ask for it or kill it any more."""
        os.close(self.pidfd)

    @property
    def said(self) -> str:
        """What it has printed."""
        return self.output.read_text(encoding="utf-8", errors="replace")


class Senders:
    """Starts commands, for as long as the `with` block lasts; what they print lies in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0

    def __enter__(self) -> Self:
        self._folder.mkdir(exist_ok=True)
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.zygote"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zygote.communicate(timeout=PATIENCE)

    def forked(self, config: Path, *words: str, sabotage: Sabotage = UNHARMED) -> Sender:
        """The command of the workspace of `config`, forked from a process that has imported it."""
        output = self._output()
        order = {
            "words": [*words, "--config", str(config)],
            "output": str(output),
            "sabotage": sabotage.as_json(),
        }
        pid = self._ask(order)
        return Sender(os.pidfd_open(pid), lambda: self._ask(pid), output)

    def cold(self, config: Path, *words: str) -> Sender:
        """The same, started as a shell or cron does."""
        output = self._output()
        with output.open("wb") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", "newsletter", *words, "--config", str(config)],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
            )
        return Sender(os.pidfd_open(process.pid), process.wait, output)

    def _ask(self, question: object) -> int:
        assert self._zygote.stdin is not None
        assert self._zygote.stdout is not None
        print(json.dumps(question), file=self._zygote.stdin, flush=True)
        return int(self._zygote.stdout.readline())

    def _output(self) -> Path:
        self._number += 1
        output = self._folder / f"{self._number}.txt"
        output.touch()
        return output
