"""A stand-in for the desk that has the house's statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from newsletter.domain.statements import Statement, StatementKind


@dataclass
class FakeStatements:
    """Statements by language, the same of every kind; the first stands in for what there is not."""

    texts: Mapping[str, str] = field(
        default_factory=lambda: {
            "en": "<h2>Who</h2>\n<p>Ask <mark>[name]</mark>.</p>",
            "cy": "<h2>Pwy</h2>\n<p>Gofynnwch i <mark>[enw]</mark>.</p>",
        }
    )

    def statement(self, kind: StatementKind, language: str) -> Statement:
        """The text in that language."""
        found = language if language in self.texts else next(iter(self.texts))
        return Statement(found, self.texts[found], ("[name]",), f"{kind}-{found}")
