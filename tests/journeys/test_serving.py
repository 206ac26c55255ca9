"""`newsletter serve`, as a process of its own: started, used, stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.terminal import Terminal

PATIENCE = 30


class Served:
    """A process that serves, and its port."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def status(self, path: str, *, host: str = "localhost") -> int:
        """What a request is answered with."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", path, headers={"Host": host})
        status = connection.getresponse().status
        connection.close()
        return status

    def stopped(self) -> tuple[int, str]:
        """The exit code after SIGTERM, and what it said on stderr since it began to serve."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE)
        assert self.process.stderr is not None
        return code, self.process.stderr.read()


@contextmanager
def serving(workspace: Path) -> Iterator[Served]:
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "newsletter", "serve", "--listen", f"127.0.0.1:{port}"],
        cwd=workspace,
        env={
            name: value for name, value in os.environ.items() if not name.startswith("NEWSLETTER")
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        first = process.stderr.readline()
        assert first == f"Serving https://news.example.org on http://127.0.0.1:{port}\n"
        yield Served(process, port)
    finally:
        process.kill()
        process.wait(PATIENCE)
        process.stderr.close()


def test_it_serves_says_what_is_missing_and_ends_well_when_it_is_asked_to(
    workspace: Path,
) -> None:
    with serving(workspace) as served:
        answered = [served.status("/healthz"), served.status("/en/"), served.status("/en/nowhere")]
        foreign = served.status("/en/", host="evil.example.com")

        code, said = served.stopped()

    assert answered == [200, 200, 404]
    assert foreign == 400
    assert code == 0
    assert "Warning: no relay is set (relay.url)" in said
    assert "Warning: pages/privacy.en.md: " in said
    assert "[name and email address of your data protection officer]" in said
    assert "Traceback" not in said


def test_a_place_that_is_taken_is_told_in_one_line(newsletter: Terminal, workspace: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        place = f"127.0.0.1:{other.getsockname()[1]}"

        answer = newsletter("serve", "--listen", place)

    assert answer.code == 3
    assert answer.err.startswith(f"cannot listen on {place}: Address already in use\n")
    assert "--listen" in answer.err


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
