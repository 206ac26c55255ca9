"""Characters that nobody sees: text-direction."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newsletter.composer.checks.texts import at_offset
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.reading.passages import Passage
from newsletter.domain.control_characters import character_name

_OVERRIDES = "\u202d\u202e"
_HIDDEN = re.compile(
    f"[{_OVERRIDES}"
    "\u202a-\u202c\u2066-\u2069"  # embeddings and isolates: HTML has `dir` for that
    "\u200b\u2060\ufeff]"  # no width; the joiners U+200C and U+200D belong to some scripts
)


def check_hidden_characters(passages: Iterable[Passage], findings: FindingList) -> None:
    """Note each hidden character in a text or an address, once per line."""
    for passage in passages:
        for found in _HIDDEN.finditer(passage.source):
            case = "override" if found[0] in _OVERRIDES else "hidden"
            place = at_offset(passage, found.start())
            findings.add("text-direction", case, place, character=character_name(found[0]))
