"""The receiver of all mail: Postfix's smtp-sink, and what it and its sender did between the first
message and the last.

It takes the messages and forgets them. The counter that it writes at each is the judge of a rate:
what a sender says of itself is not asked, and its start and its end do not count.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

POSTFIX_FOLDERS = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/libexec/postfix"
BETWEEN_LOOKS = 0.005
"""Seconds."""

_COUNTER = re.compile(rb"mesg=(\d+)\r")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen at one moment: messages received since the receiver began, and the CPU seconds
    that sender and receiver had used by then."""

    at: float
    messages: int
    sender_cpu: float
    receiver_cpu: float


@dataclass(frozen=True, slots=True)
class Flow:
    """One sender's messages: seconds from its start to the first of them, what was seen at the
    first and at the last look, and the sender's peak memory in MB by then."""

    start_up: float
    first: Seen
    last: Seen
    megabytes: float

    @property
    def messages(self) -> int:
        """How many came after the first look."""
        return self.last.messages - self.first.messages

    @property
    def seconds_each(self) -> float:
        """By the clock, from the receiver's side."""
        return (self.last.at - self.first.at) / self.messages

    @property
    def cpu_each(self) -> float:
        """CPU seconds of the sender for one message."""
        return (self.last.sender_cpu - self.first.sender_cpu) / self.messages

    @property
    def receiver_cpu_each(self) -> float:
        """CPU seconds of the receiver for one message."""
        return (self.last.receiver_cpu - self.first.receiver_cpu) / self.messages


Looking = Callable[[int, int], None]
"""Told at each look how many messages had come from this sender before, and how many have now."""


class Receiver:
    """A running smtp-sink; `port` is where it listens on this machine."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = process
        self.port = port
        self._counted = 0

    def watch(
        self, sender: subprocess.Popen[bytes], looking: Looking = lambda before, now: None
    ) -> Flow:
        """Looks on until the sender has ended; ends the benchmark when it failed, or sent none."""
        began, others = time.monotonic(), self.count()
        seen: list[Seen] = []
        megabytes, before = 0.0, others
        while sender.poll() is None:
            if self.count() > before:
                megabytes = peak_megabytes(sender.pid) or megabytes
                seen[1:] = [self._seen(sender.pid)]
                looking(before - others, self._counted - others)
                before = self._counted
            time.sleep(BETWEEN_LOOKS)  # the counter stands in a pipe that holds seconds of it
        if sender.returncode or not seen:
            raise SystemExit(f"{sender.args!r} answered {sender.returncode}")
        return Flow(seen[0].at - began, seen[0], seen[-1], megabytes)

    def _seen(self, sender: int) -> Seen:
        return Seen(
            time.monotonic(), self._counted, cpu_seconds(sender), cpu_seconds(self._process.pid)
        )

    def count(self) -> int:
        """How many messages have come since it began; to be looked at every few seconds."""
        assert self._process.stdout is not None
        while written := self._process.stdout.read(65_536):
            found = _COUNTER.findall(written)
            self._counted = int(found[-1]) if found else self._counted
        return self._counted


def receiver_is_there() -> bool:
    """Whether Postfix's test programs are installed."""
    return postfix_program("smtp-sink") is not None


def postfix_program(name: str) -> str | None:
    """Where one of Postfix's programs lies; they are not on everybody's path."""
    return shutil.which(name, path=POSTFIX_FOLDERS)


@contextmanager
def receiver(keeps: Path | None = None) -> Iterator[Receiver]:
    """An smtp-sink for as long as the block runs; it keeps all messages in the folder `keeps`, if
    one is given, for `kept_messages`."""
    program = postfix_program("smtp-sink")
    assert program is not None
    port = free_port()
    options = ["-u", "nobody"] if os.geteuid() == 0 else []
    if keeps is not None:
        options += ["-d", "message."]
        keeps.mkdir()
        keeps.chmod(0o777)  # for nobody, who could not come to it by its path
    command = [program, *options, "-c", f"127.0.0.1:{port}", "1000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0, cwd=keeps) as process:
        try:
            assert process.stdout is not None
            os.set_blocking(process.stdout.fileno(), False)
            await_port(port)
            yield Receiver(process, port)
        finally:
            process.terminate()


def kept_messages(folder: Path) -> list[bytes]:
    """The messages that a receiver kept, with what it wrote in their headers."""
    return [file.read_bytes().replace(b"\n", b"\r\n") for file in folder.iterdir()]


def cpu_seconds(process: int) -> float:
    """Of all its threads, since it began; 0 when it is gone or the system does not tell."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return 0.0
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / _TICKS


def peak_megabytes(process: int) -> float:
    """The most memory that it had so far; 0 when it is gone or the system does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def await_port(port: int) -> None:
    """Waits until somebody listens there; ends the benchmark when nobody does for a while."""
    for _ in range(1000):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)  # nothing says when it is ready
        else:
            return
    raise SystemExit(f"nobody listens on port {port}")
