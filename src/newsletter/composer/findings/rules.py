"""The rules that an edition is checked against: one table of what the checks look for and say."""

from __future__ import annotations

from collections.abc import Mapping

from newsletter.composer.findings.edition_rules import EDITION_RULES
from newsletter.composer.findings.image_rules import IMAGE_RULES
from newsletter.composer.findings.link_rules import LINK_RULES
from newsletter.composer.findings.look_rules import LOOK_RULES
from newsletter.composer.findings.mail_program_rules import MAIL_PROGRAM_RULES
from newsletter.composer.findings.mail_rules import MAIL_RULES
from newsletter.composer.findings.online_rules import ONLINE_RULES
from newsletter.composer.findings.part_rules import PART_RULES
from newsletter.composer.findings.rule import Rule
from newsletter.composer.findings.template_rules import TEMPLATE_RULES
from newsletter.composer.findings.writing_rules import WRITING_RULES

AREAS: Mapping[str, tuple[Rule, ...]] = {
    "The edition": EDITION_RULES,
    "Words": WRITING_RULES,
    "Links": LINK_RULES,
    "Links, opened on demand": ONLINE_RULES,
    "Images": IMAGE_RULES,
    "The finished mail": MAIL_RULES,
    "The look of the mail": LOOK_RULES,
    "Both parts of the mail": PART_RULES,
    "Mail programs": MAIL_PROGRAM_RULES,
    "Templates": TEMPLATE_RULES,
}
"""The rules by what they are about."""

RULES: Mapping[str, Rule] = {rule.name: rule for area in AREAS.values() for rule in area}
"""Every rule by its name."""
