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
)
