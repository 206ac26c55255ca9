"""Whether the program can serve at all."""

from __future__ import annotations

from typing import Protocol


class Health(Protocol):
    """Knows how the program is."""

    def is_ready(self) -> bool:
        """Whether requests can be served."""
        ...
