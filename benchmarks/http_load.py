"""Somebody who asks a server for one address after the other, and looks at the clock.

Run as a process of its own: `python -m benchmarks.http_load`, which reads an `Order` from standard
input as JSON and writes what `Answers` has to standard output. Each connection is kept and has one
request at a time; nothing waits between two of them, so that the server is as busy as it can be.
"""

from __future__ import annotations

import json
import os
import queue
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from statistics import quantiles

_HOST = "127.0.0.1"
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_BODY = b"List-Unsubscribe=One-Click"
_HEADERS = "Host: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: `method` and each of `paths` once, at `port`; `sign` is what is looked for
    in each answer, and `processor` where the asking is done."""

    port: int
    method: str
    paths: Sequence[str]
    connections: int = 8
    sign: str = ""
    processor: int = 0


@dataclass
class Answers:
    """What came: milliseconds of each answer, the seconds of all, how many had each status, how
    many had the sign, and the octets of the largest."""

    waits: list[float] = field(default_factory=list)
    seconds: float = 0.0
    statuses: dict[str, int] = field(default_factory=dict)
    signs: int = 0
    largest: int = 0

    @property
    def per_second(self) -> float:
        """Answers in a second."""
        return len(self.waits) / self.seconds

    @property
    def p99(self) -> float:
        """The milliseconds that one in a hundred took longer than."""
        return quantiles(self.waits, n=100)[-1]


def ask(order: Order) -> Answers:
    """Has a process of its own ask; ends the benchmark when that fails."""
    command = [sys.executable, "-m", "benchmarks.http_load"]
    done = subprocess.run(
        command, input=json.dumps(asdict(order)), stdout=subprocess.PIPE, text=True, check=True
    )
    return Answers(**json.loads(done.stdout))


class _Asker:
    """One connection."""

    def __init__(self, order: Order, paths: queue.SimpleQueue[str]) -> None:
        self._order = order
        self._paths = paths
        self.answers = Answers()
        self._statuses: Counter[str] = Counter()
        self._socket = socket.create_connection((_HOST, order.port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def run(self) -> Answers:
        """Asks until nothing is left."""
        while True:
            try:
                path = self._paths.get_nowait()
            except queue.Empty:
                self.answers.statuses = dict(self._statuses)
                return self.answers
            self._ask(path)

    def _ask(self, path: str) -> None:
        body = _BODY if self._order.method == "POST" else b""
        head = f"{self._order.method} {path} HTTP/1.1\r\n{_HEADERS}Content-Length: {len(body)}\r\n"
        began = time.perf_counter()
        self._socket.sendall(f"{head}\r\n".encode() + body)
        answer = self._answer()
        self.answers.waits.append((time.perf_counter() - began) * 1e3)
        self._statuses[answer[9:12].decode()] += 1
        self.answers.signs += bool(self._order.sign) and self._order.sign.encode() in answer
        self.answers.largest = max(self.answers.largest, len(answer.partition(b"\r\n\r\n")[2]))

    def _answer(self) -> bytes:
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, body = answer.partition(b"\r\n\r\n")
        found = _LENGTH.search(head)
        missing = (int(found[1]) if found else 0) - len(body)
        while missing > 0:
            more = self._more()
            missing -= len(more)
            answer += more
        return answer

    def _more(self) -> bytes:
        received = self._socket.recv(65_536)
        if not received:
            raise SystemExit("the server has hung up")
        return received


def main() -> None:
    """Asks what standard input says."""
    order = Order(**json.load(sys.stdin))
    os.sched_setaffinity(0, {order.processor})
    paths: queue.SimpleQueue[str] = queue.SimpleQueue()
    for path in order.paths:
        paths.put(path)
    askers = [_Asker(order, paths) for _ in range(order.connections)]
    began = time.perf_counter()
    with ThreadPoolExecutor(order.connections) as threads:
        each = list(threads.map(_Asker.run, askers))
    print(json.dumps(asdict(_together(each, time.perf_counter() - began))))


def _together(each: Sequence[Answers], seconds: float) -> Answers:
    statuses: Counter[str] = Counter()
    for one in each:
        statuses.update(one.statuses)
    return Answers(
        waits=[wait for one in each for wait in one.waits],
        seconds=seconds,
        statuses=dict(statuses),
        signs=sum(one.signs for one in each),
        largest=max(one.largest for one in each),
    )


if __name__ == "__main__":
    main()
