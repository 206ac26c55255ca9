"""A process that has imported the program and forks into its commands.

A cold start of the command line costs more than a second of CPU time, and hundreds are wanted. The
zygote is spoken to in lines of JSON: an order forks a child that runs a command, and is answered
with its pid; a pid waits for that child, and is answered with its exit code.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

from tests.torture.saboteurs import Sabotage

_IMPORTED = (
    "newsletter.cli.main",
    "newsletter.cli.db",
    "newsletter.cli.edition",
    "newsletter.cli.send",
    "newsletter.app.adopting",
    "newsletter.app.approving",
    "newsletter.app.sending",
)


def _serve() -> None:
    for name in _IMPORTED:
        importlib.import_module(name)
    for line in sys.stdin:
        asked = json.loads(line)
        answer = _end_of(asked) if isinstance(asked, int) else _fork(asked)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def _fork(order: dict[str, Any]) -> int:
    pid = os.fork()
    if not pid:
        code = 3
        try:
            code = _run(order["words"], order["output"], Sabotage(**order["sabotage"]))
        finally:
            # As a process of its own would leave: not by the way back into this one.
            os._exit(code)
    return pid


def _run(words: list[str], output: str, sabotage: Sabotage) -> int:
    from newsletter.cli.main import run

    nothing = os.open(os.devnull, os.O_RDONLY)
    file = os.open(output, os.O_WRONLY | os.O_APPEND)
    for there, here in ((nothing, 0), (file, 1), (file, 2)):
        os.dup2(there, here)
    sabotage.install()
    code = run(words)
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _end_of(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    _serve()
