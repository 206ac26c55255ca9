"""The keys that sign the links in the mail, as whoever looks after them meets them (T4)."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.app.workspace import Workspace
from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage import audit
from newsletter.storage.engine import writing
from newsletter.storage.process_lock import process_lock
from newsletter.tokens.key_ring import KeyRing, add_key


@dataclass(frozen=True, slots=True)
class LinkKey:
    """A key as others see it: its number, a fingerprint from which it cannot be worked out, and
    whether it signs now."""

    id: int
    fingerprint: str
    is_active: bool

    def as_json(self) -> dict[str, object]:
        """The key with exactly the names that the command line promises."""
        return {"id": self.id, "fingerprint": self.fingerprint, "active": self.is_active}


def link_keys(workspace: Workspace) -> list[LinkKey]:
    """The keys of the workspace, the oldest first; raises SurroundingsFailed when they cannot be
    read."""
    return _shown(workspace.key_ring)


def add_link_key(workspace: Workspace, *, actor: str) -> list[LinkKey]:
    """Adds a key that signs from now on, and says so in the audit; gives all keys (X15).

    Raises Refused when there is no number left for one, and SurroundingsFailed when the keys cannot
    be written or another process is adding one.
    """
    with process_lock(workspace.lock_folder, "keys") as other:
        if other is not None:
            raise SurroundingsFailed(
                f"another process is adding a key: {other}",
                cure="Look with `newsletter keys list`.",
            )
        with writing(workspace.engine) as connection:
            audit.record(
                connection,
                actor=actor,
                action="keys add",
                subject=str(max(workspace.key_ring.keys) + 1),
                detail="signs links from now on",
                at=workspace.now(),
            )
            # Last, so that of the two none is kept alone.
            ring = add_key(workspace.keys_file)
    return _shown(ring)


def _shown(ring: KeyRing) -> list[LinkKey]:
    return [
        LinkKey(key_id, ring.fingerprint(key_id), key_id == ring.active)
        for key_id in sorted(ring.keys)
    ]
