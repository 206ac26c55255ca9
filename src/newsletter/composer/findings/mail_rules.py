"""Rules about the finished mail."""

from __future__ import annotations

from newsletter.composer.findings.rule import Rule, Wording
from newsletter.domain.findings import Level

MAIL_RULES = (
    Rule(
        "lang-missing",
        Level.MUST,
        "The document and each block at its top say their language and direction: screen readers"
        " choose the voice by it, and mail programs drop the outermost element.",
        "WCAG 3.1.1; H1, H3",
        {
            "missing": Wording(
                "In the finished {language_name} mail, <{element}> lacks “{attribute}”.",
                "Mend the layout template, or remove your own copy of it.",
            )
        },
    ),
    Rule(
        "heading-order",
        Level.MUST,
        "One main heading, and no level left out, so that a screen reader’s list of headings is a"
        " table of contents.",
        "WCAG 1.3.1; H6",
        {
            "none": Wording(
                "The {language_name} mail has no main heading.",
                "Give the masthead a title.",
            ),
            "several": Wording(
                "The {language_name} mail has a second main heading, “{heading}”.",
                "Keep one masthead section; other headings come below it.",
            ),
            "late": Wording(
                "In the {language_name} mail, “{heading}” stands before the main heading.",
                "Put the masthead section first.",
            ),
            "skipped": Wording(
                "In the {language_name} mail, the heading “{heading}” is of level {level} under"
                " one of level {above}.",
                "Use ### for headings inside a text, and #### only below them.",
            ),
        },
    ),
)
