"""One import at a time: another one would go on with the first one's record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from newsletter.app.workspace import Workspace
from newsletter.domain.errors import SurroundingsFailed
from newsletter.storage.process_lock import process_lock


@contextmanager
def import_turn(workspace: Workspace) -> Iterator[None]:
    """Lets nobody else import or take an import back until the block ends.

    Raises SurroundingsFailed, naming the process, when somebody else does.
    """
    with process_lock(workspace.lock_folder, "import of subscribers") as other:
        if other is not None:
            raise SurroundingsFailed(
                f"another import is running ({other})", cure="Wait for its end, then try again."
            )
        yield
