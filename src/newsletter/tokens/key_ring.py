"""The keys that sign tokens: a ring of them, so that a new key may sign while old ones still read.

The file is readable by its owner alone, lies outside the database, and is never logged (X13).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newsletter.domain.errors import SurroundingsFailed

KEY_BYTES = 32
LARGEST_KEY_ID = 63
"""Key ids have six bits in a tag."""

_CURE = "Put the keys back from a backup; without them links in mail already out stop working."


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by id, of which `active` signs and all read (T4)."""

    active: int
    keys: Mapping[int, bytes] = field(repr=False)

    def derive(self, key_id: int, purpose: str) -> bytes | None:
        """The key of one purpose, so that no token of one can pass for another (T2); None when the
        ring has no such key."""
        key = self.keys.get(key_id)
        return None if key is None else hmac.digest(key, f"newsletter {purpose}".encode(), "sha256")


def create_key_ring(file: Path) -> KeyRing:
    """A new ring of one key, written to `file`, which must not be there yet.

    Raises SurroundingsFailed when it cannot be written.
    """
    ring = KeyRing(active=0, keys={0: secrets.token_bytes(KEY_BYTES)})
    text = json.dumps({"active": 0, "keys": {"0": base64.b64encode(ring.keys[0]).decode()}})
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(descriptor)
    except OSError as error:
        raise SurroundingsFailed(
            f"cannot write the keys: {error.strerror}", where=str(file)
        ) from None
    return ring


def read_key_ring(file: Path) -> KeyRing:
    """The ring in `file`.

    Raises SurroundingsFailed when it is missing, garbled, or readable by others than its owner.
    """
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise SurroundingsFailed(
            f"cannot read the keys: {reason}", where=str(file), cure=_CURE
        ) from None
    if mode & 0o077:
        raise SurroundingsFailed(
            f"the keys may be read by others (mode {mode:o})",
            where=str(file),
            cure=f"Run: chmod 600 {file}",
        )
    try:
        return _parse(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        # Without the text of the error: it may quote the file.
        raise SurroundingsFailed("the keys are garbled", where=str(file), cure=_CURE) from None


def _parse(data: Any) -> KeyRing:  # noqa: ANN401 - JSON, checked here
    keys = {int(key): base64.b64decode(value, validate=True) for key, value in data["keys"].items()}
    active = data["active"]
    well_formed = all(0 <= one <= LARGEST_KEY_ID and len(keys[one]) >= KEY_BYTES for one in keys)
    if not well_formed or active not in keys:
        raise ValueError
    return KeyRing(active=active, keys=keys)
