"""The levels that a workspace gave to rules of the checks, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from newsletter.composer.findings.rules import RULES
from newsletter.domain.errors import BadInput
from newsletter.domain.findings import Finding, Level
from newsletter.domain.suggestions import nearest
from newsletter.settings.tables import CheckLevel


def levels_of_rules(checks: Mapping[str, CheckLevel]) -> dict[str, Level]:
    """The level of each rule that the settings name; raises BadInput for a rule that is not."""
    for name in checks:
        if name not in RULES:
            meant = nearest(name, RULES)
            raise BadInput(
                f"there is no check called {name}",
                where=f"newsletter.toml: checks.{name}",
                cure=f"Did you mean {meant}?" if meant else "See docs/reference/checks.md.",
            )
    return {name: changed.level for name, changed in checks.items()}


def changes_in_force(checks: Mapping[str, CheckLevel], findings: Iterable[Finding]) -> list[str]:
    """What an approval records: each changed level that met a finding, with its reason."""
    broken = {finding.rule for finding in findings}
    return [
        f"{name} is {changed.level} instead of {RULES[name].level}: {changed.reason}"
        for name, changed in checks.items()
        if name in broken
    ]
