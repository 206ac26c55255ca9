"""Two strangers who judge our signatures: dkimpy, and OpenDKIM as Debian has it.

Neither asks the DNS: what would stand there is handed in, by name.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import dkim
import pytest

Records = Mapping[str, str]
"""What stands in the DNS: a record's value by its name."""

needs_opendkim = pytest.mark.skipif(
    shutil.which("opendkim", path="/usr/sbin:/usr/bin") is None, reason="OpenDKIM is not here"
)
_VERDICT = re.compile(r"^opendkim: .*/(\d+)\.eml: verification \(.*\) succeeded$", re.MULTILINE)


def dkimpy_verifies(message: bytes, records: Records, number: int = 0) -> bool:
    """Whether dkimpy finds the signature of that number good; 0 is the first in the message."""

    def look_up(name: bytes, timeout: float = 0) -> bytes | None:
        record = records.get(name.decode().rstrip("."))
        return None if record is None else record.encode()

    try:
        return bool(dkim.DKIM(message).verify(number, dnsfunc=look_up))
    except dkim.DKIMException:
        return False


def opendkim_verifies(messages: Sequence[bytes], records: Records, folder: Path) -> list[bool]:
    """Of each message whether OpenDKIM finds it well signed; `folder` is for its files."""
    dns, settings = folder / "dns", folder / "opendkim.conf"
    dns.write_text("".join(f"{name} {value}\n" for name, value in records.items()))
    settings.write_text(f"Mode v\nSocket local:{folder}/socket\nTestDNSData file:{dns}\n")
    names = [folder / f"{number}.eml" for number in range(len(messages))]
    for name, message in zip(names, messages, strict=True):
        name.write_bytes(message)
    command = ["opendkim", "-x", str(settings), "-t", ",".join(map(str, names))]
    done = subprocess.run(
        command,
        env={"PATH": "/usr/sbin:/usr/bin"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    good = {int(number) for number in _VERDICT.findall(done.stdout + done.stderr)}
    return [number in good for number in range(len(messages))]
