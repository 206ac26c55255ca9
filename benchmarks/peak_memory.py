"""Runs a command and says how long it took and how much memory it had at its peak.

`python -m benchmarks.peak_memory ANSWER COMMAND…` writes JSON to the file ANSWER. It is a process
of its own, and a small one: what a process has in memory counts as the peak of those it starts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def main(answer: str, command: list[str]) -> None:
    """Runs the command, whose output is this one's."""
    began = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    code = process.returncode = os.waitstatus_to_exitcode(status)
    with open(answer, "w", encoding="utf-8") as stream:  # noqa: PTH123 - pathlib would be in memory
        json.dump({"seconds": seconds, "megabytes": usage.ru_maxrss / 1024, "code": code}, stream)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
