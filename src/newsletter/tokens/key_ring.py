"""The keys that sign tokens: a ring of them, so that a new key may sign while old ones still read.

The file is readable by its owner alone, lies outside the database, and is never logged (X13).
"""

from __future__ import annotations

import base64
import errno
import hmac
import json
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newsletter.domain.errors import Refused, SurroundingsFailed

KEY_BYTES = 32
LARGEST_KEY_ID = 63
"""A tag has six bits for the id of its key."""

_FROM_BACKUP = "Put the file back from a backup: without it, links in mail already out do not work."


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by id, 0 to 63, of which `active` signs and all read (T4)."""

    active: int
    keys: Mapping[int, bytes] = field(repr=False)

    def derive(self, key_id: int, purpose: str) -> bytes:
        """The 32-byte key of one purpose, so that nothing signed for one passes for another (T2).

        The derivation is HKDF's expand step for one block (RFC 5869 section 2.3); the extract step
        is left out, the keys being random already (section 3.3). Raises KeyError when the ring has
        no such key.
        """
        info = f"newsletter {purpose}".encode()
        return hmac.digest(self.keys[key_id], info + b"\x01", "sha256")

    def fingerprint(self, key_id: int) -> str:
        """16 hex digits by which two rings can tell whether their keys of one id are the same; the
        key cannot be worked out from them. Raises KeyError when the ring has no such key."""
        return self.derive(key_id, "fingerprint").hex()[:16]


def create_key_ring(file: Path) -> KeyRing:
    """A new ring of one key, written to `file`, which must not be there yet.

    The file appears with all of its content and mode 0600, or not at all. Raises
    SurroundingsFailed when it cannot be written.
    """
    ring = KeyRing(active=0, keys={0: secrets.token_bytes(KEY_BYTES)})
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _draft(file, ring) as draft:
            # A link, unlike a rename, never replaces a file that is there.
            file.hardlink_to(draft)
    except FileExistsError:
        raise SurroundingsFailed(
            "there are keys already, and they are not overwritten", where=str(file)
        ) from None
    except OSError as error:
        raise _not_written(file, error) from None
    return ring


def add_key(file: Path) -> KeyRing:
    """The ring in `file` with a new key, which signs from now on; the others go on reading (T4).

    The file is the old one or the new one, whole, whatever happens meanwhile. Raises Refused when
    the ring is full, and SurroundingsFailed as `read_key_ring` does or when it cannot be written.
    """
    ring = read_key_ring(file)
    # Never one that was there before: mail that it signed would be read with another key.
    key_id = max(ring.keys) + 1
    if key_id > LARGEST_KEY_ID:
        raise Refused(
            f"the ring is full: it has key {LARGEST_KEY_ID}, and there is no number above it",
            where=str(file),
            cure="Go on with the key that signs now.",
        )
    grown = KeyRing(key_id, {**ring.keys, key_id: secrets.token_bytes(KEY_BYTES)})
    try:
        with _draft(file, grown) as draft:
            draft.replace(file)
    except OSError as error:
        raise _not_written(file, error) from None
    return grown


def read_key_ring(file: Path) -> KeyRing:
    """The ring in `file`.

    Raises SurroundingsFailed when it is missing, garbled, or open to others than its owner.
    """
    try:
        with file.open("rb") as stream:
            mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
            content = stream.read()
    except FileNotFoundError:
        raise SurroundingsFailed(
            "there are no keys",
            where=str(file),
            cure=f"A new workspace gets them from `newsletter init`. {_FROM_BACKUP}",
        ) from None
    except OSError as error:
        raise SurroundingsFailed(
            f"cannot read the keys: {error.strerror}", where=str(file)
        ) from None
    if mode & 0o077:
        raise SurroundingsFailed(
            f"the keys are open to others than their owner (mode {mode:04o})",
            where=str(file),
            cure=f"Run: chmod 600 {file}",
        )
    try:
        return _parse(json.loads(content))
    except (ValueError, LookupError, TypeError, AttributeError):
        # Nothing of the error itself, which may quote the file.
        raise SurroundingsFailed(
            "the keys are garbled", where=str(file), cure=_FROM_BACKUP
        ) from None


def _not_written(file: Path, error: OSError) -> SurroundingsFailed:
    return SurroundingsFailed(
        f"cannot write the keys: {error.strerror}", where=str(file), cure=_cure(error)
    )


def _cure(error: OSError) -> str:
    # A file system without hard links (FAT, some shares) answers with one of these to the link.
    if error.errno in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS):
        return (
            "This disk may know no hard links, which the keys are written with: put the workspace"
            " on a disk of the machine itself."
        )
    return "Check that this user may write in the folder and that the disk has room."


@contextmanager
def _draft(file: Path, ring: KeyRing) -> Iterator[Path]:
    """The ring in a file of its own, for the block to put into its place."""
    keys = {str(key_id): base64.b64encode(key).decode() for key_id, key in ring.keys.items()}
    # mkstemp gives it mode 0600, and a name that no draft left by a crash has.
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(json.dumps({"active": ring.active, "keys": keys}).encode())
            stream.flush()
            os.fsync(stream.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _parse(data: Any) -> KeyRing:  # noqa: ANN401 - JSON, checked here
    keys = {int(key): base64.b64decode(text, validate=True) for key, text in data["keys"].items()}
    active = data["active"]
    well_formed = all(
        0 <= key_id <= LARGEST_KEY_ID and len(key) >= KEY_BYTES for key_id, key in keys.items()
    )
    if not well_formed or type(active) is not int or active not in keys:
        raise ValueError
    return KeyRing(active=active, keys=keys)
