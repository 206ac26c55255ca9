"""How the program is, as whoever watches it may ask."""

from __future__ import annotations

from newsletter.app.workspace import Workspace
from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage.schema_version import require_current


class DatabaseHealth:
    """Knows whether the database can be used."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def is_ready(self) -> bool:
        """Whether the database answers and is of this program's version."""
        try:
            require_current(self._workspace.engine)
        except SurroundingsFailed:
            return False
        return True
