"""The rules of the checks explained, as a page of the docs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.composer.findings.rule import Rule, Wording
from newsletter.composer.findings.rules import AREAS
from newsletter.i18n.language_facts import english_name

_INTRODUCTION = """\
# Checks

`newsletter check FILE` and `newsletter compose FILE` hold an edition against these rules, and name
the file, the line, the section and the field of each finding. Only a **must** keeps an edition
from being approved; a **should** is a fault that readers would notice, and **advice** is worth a
thought.

A rule's level can be changed in `newsletter.toml`, with the reason, which is recorded when an
edition is approved:

```toml
[checks.link-vague]
level = "advice"
reason = "The buttons are named by our web team, who will change them in spring."
```

The level then holds for all cases of the rule. What stands in {braces} below is filled in for each
finding."""


_MARKDOWN = re.compile(r"[|<>*\[\]\\]")


def checks_page() -> str:
    """The reference of the checks as Markdown: an overview by area, then rule by rule."""
    parts = [_INTRODUCTION]
    for area, rules in AREAS.items():
        parts.append(f"## {area}")
        parts.append("\n".join(_overview(rules)))
        parts += (_rule(rule) for rule in rules)
    return "\n\n".join(parts) + "\n"


def _overview(rules: tuple[Rule, ...]) -> Iterator[str]:
    yield "| rule | level | what it asks |"
    yield "|---|---|---|"
    for rule in rules:
        yield f"| [{rule.name}](#{rule.name}) | {rule.level} | {_cell(rule.about)} |"


def _rule(rule: Rule) -> str:
    lines = [f"### {rule.name}", "", f"Level: {rule.level}. Source: {rule.source}."]
    if rule.languages:
        names = " and ".join(english_name(one) for one in rule.languages)
        lines[-1] += f" It knows {names} only."
    lines += ["", "| case | level | what it says | what to do |", "|---|---|---|---|"]
    lines += (_case(case, wording, rule) for case, wording in rule.cases.items())
    return "\n".join(lines)


def _case(case: str, wording: Wording, rule: Rule) -> str:
    level = wording.level or rule.level
    return f"| {case} | {level} | {_cell(wording.message)} | {_cell(wording.fix)} |"


def _cell(words: str) -> str:
    """Words of the table as a cell, so that Markdown changes nothing of them."""
    braces = words.replace("{{", "{").replace("}}", "}")
    return _MARKDOWN.sub(r"\\\g<0>", braces)
