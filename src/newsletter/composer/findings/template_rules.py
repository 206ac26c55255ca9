"""Rules about templates, which a workspace may have its own of."""

from __future__ import annotations

from newsletter.composer.findings.rule import Rule, Wording
from newsletter.domain.findings import Level

TEMPLATE_RULES = (
    Rule(
        "mjml",
        Level.MUST,
        "Templates hold nothing that MJML does not know, that its engine drops or gets wrong in"
        " silence, or that mail programs distrust.",
        "H13, H14, H20",
        {"problem": Wording("{problem}", "{cure}")},
    ),
    Rule(
        "too-many-segments",
        Level.MUST,
        "An edition names at most four segments: each of them doubles the number of its variants.",
        "design 3",
        {
            "more": Wording(
                "The edition's sections are only for {count} segments, and {most} is the most.",
                "Write some of the sections for everyone, or make a second edition.",
            )
        },
    ),
)
