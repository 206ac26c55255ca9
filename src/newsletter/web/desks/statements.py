"""The desk that has the house's statements."""

from __future__ import annotations

from typing import Protocol

from newsletter.domain.statements import Statement, StatementKind


class StatementsDesk(Protocol):
    """Keeps what the house says of itself."""

    def statement(self, kind: StatementKind, language: str) -> Statement:
        """The statement in `language`, or in another where there is none in that."""
        ...
