"""Findings as lines for people; scripts use --json."""

from __future__ import annotations

from newsletter.domain.findings import Finding


def finding_line(finding: Finding) -> str:
    """A finding as one line: level, rule, place, message, fix."""
    place = ":".join(str(part) for part in (finding.file, finding.line) if part is not None)
    where = f"{place}: " if place else ""
    language = f" [{finding.language}]" if finding.language else ""
    return f"{where}{finding.level} {finding.rule}{language}: {finding.message} {finding.fix}"
