"""The rules that an edition is checked against, as data: what the checks look for and say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.domain.findings import Level


@dataclass(frozen=True, slots=True)
class Wording:
    """What one case of a rule says: the fault and its cure, with `{names}` for what was found."""

    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its kebab-case name, which never changes, and what it says when it is broken.

    `cases` maps the name of each way to break the rule to its words.
    """

    name: str
    level: Level
    cases: Mapping[str, Wording]


RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule(
            "alt-missing",
            Level.MUST,
            {
                "missing": Wording(
                    "The image {src} has no alternative text.",
                    "Say in “alt” what the image shows, or write “decorative: true” when it adds"
                    " nothing to the words.",
                )
            },
        ),
        Rule(
            "translation-missing",
            Level.MUST,
            {
                "missing": Wording(
                    "“{field}” has no {language_name} words.",
                    "Write them under “{language}:”.",
                ),
                "empty": Wording(
                    "“{field}” is empty, and the section needs it.",
                    "Write it under “{language}:”.",
                ),
                "one-for-all": Wording(
                    "“{field}” is one text for all languages, so it is not known to be"
                    " {language_name}.",
                    "Write it by language, such as “{language}: …” on a line of its own for each.",
                ),
            },
        ),
        Rule(
            "subject-empty",
            Level.MUST,
            {
                "empty": Wording(
                    "The {language_name} subject is empty.",
                    "Say in a few words what the edition is about.",
                )
            },
        ),
        Rule(
            # Screen readers choose the voice by it. Mail programs drop the outermost element, so
            # that the blocks at its top must say it too.
            "lang-missing",
            Level.MUST,
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
        Rule(
            "image-missing",
            Level.MUST,
            {
                "missing": Wording(
                    "The image {src} is not there.",
                    "Put it in the edition's folder under that name, or correct “src”.",
                ),
                "unusable": Wording(
                    "The image {src} cannot be used: it is {reason}.",
                    "Save it as PNG, JPEG or GIF and name that file in “src”.",
                ),
            },
        ),
        Rule(
            "link-scheme",
            Level.MUST,
            {
                "refused": Wording(
                    "“{url}” cannot be the address of a link, so the mail shows its words only.",
                    "Write the whole address, beginning with https://, mailto: or tel:.",
                )
            },
        ),
        Rule(
            "merge-unknown",
            Level.MUST,
            {
                "unknown": Wording(
                    "{written} is not a value that is known.",
                    "Known are {{name|…}}, {{email|…}} and, as a link's address, {{view}},"
                    " {{unsubscribe}}, {{preferences}} and {{why}}; write a real brace twice.",
                ),
                "misspelt": Wording(
                    "{written} is not a value that is known.", "Did you mean {suggestion}?"
                ),
                "no-fallback": Wording(
                    "{written} does not say what to write when the value is not known.",
                    "Write {suggestion}, with such words after the bar, or nothing.",
                ),
                "address-in-words": Wording(
                    "{written} is a web address and cannot stand among words.",
                    "Make it the address of a link: {suggestion}.",
                ),
                "in-url": Wording(
                    "{written} cannot stand in a web address.",
                    "A web address may be {{view}}, {{unsubscribe}}, {{preferences}} or {{why}} as"
                    " a whole, and holds no other value; write a real brace twice.",
                ),
                "language-tag": Wording(
                    "{written} does not name a language.",
                    "Write a language tag, such as {{lang={suggestion}}}.",
                ),
                "stray-brace": Wording(
                    "A single {written} is the beginning or end of a value, and there is none.",
                    "Write {suggestion} for a real brace.",
                ),
            },
        ),
    )
}
"""Every rule by its name."""
