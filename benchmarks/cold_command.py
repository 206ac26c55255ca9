"""`newsletter compose` as a person starts it: a whole process, from nothing to files."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.editions import SETTINGS, Sample

RUNS = 5


@dataclass(frozen=True, slots=True)
class ColdRun:
    """CPU and wall-clock seconds of one run, and the octets of the HTML that it wrote."""

    cpu: float
    wall: float
    html_octets: Mapping[str, int]


def best_cold_run(sample: Sample) -> ColdRun:
    """The run that took the least CPU to compose the sample in all its languages.

    Raises CalledProcessError when the command answers that something broke.
    """
    return min((_run(sample) for _ in range(RUNS)), key=lambda run: run.cpu)


def _run(sample: Sample) -> ColdRun:
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "newsletter", "compose", str(sample.write(Path(folder)))]
        command += ["--json", "--config", str(SETTINGS), "--out", f"{folder}/out"]
        used, began = _cpu_of_children(), perf_counter()
        done = subprocess.run(command, check=False, stdout=subprocess.PIPE)
        wall, cpu = perf_counter() - began, _cpu_of_children() - used
    if done.returncode > 1:  # 1 is the answer that a finding keeps it from being sent
        raise subprocess.CalledProcessError(done.returncode, command)
    languages = json.loads(done.stdout)["languages"]
    return ColdRun(cpu, wall, {name: one["html_bytes"] for name, one in languages.items()})


def _cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
