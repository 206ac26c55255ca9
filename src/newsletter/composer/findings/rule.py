"""What a rule of the checks is: data, so that code, documentation and studio say the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.domain.findings import Level


@dataclass(frozen=True, slots=True)
class Wording:
    """What one case of a rule says: the fault and its cure, with `{names}` for what was found.

    `level` stands where the case weighs more or less than its rule.
    """

    message: str
    fix: str
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its kebab-case name, which never changes, and what it says when it is broken.

    `about` says in a sentence what is looked for and whom it helps; `source` where the rule comes
    from (WCAG, RFC, our requirement's number). `languages` are those whose words the rule knows;
    it is empty for a rule that holds in all. `cases` maps the name of each way to break the rule to
    its words.
    """

    name: str
    level: Level
    about: str
    source: str
    cases: Mapping[str, Wording]
    languages: tuple[str, ...] = ()
