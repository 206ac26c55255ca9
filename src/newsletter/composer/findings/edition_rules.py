"""Rules about an edition as a whole: words in each language, a fit subject, known values."""

from __future__ import annotations

from newsletter.composer.findings.rule import Rule, Wording
from newsletter.domain.findings import Level

EDITION_RULES = (
    Rule(
        "translation-missing",
        Level.MUST,
        "Every text is there in every language of the edition, so that no reader gets less than"
        " another.",
        "L8",
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
        "brand-language",
        Level.MUST,
        "What surrounds an edition's words, the brand's and the program's own, is in the language"
        " of the mail, too.",
        "L8; WCAG 3.1.2",
        {
            "brand": Wording(
                "[{table}] of the brand has no {language_name} words, and readers see those of"
                " another language.",
                'Write `{language} = "…"` under [{table}] in brand.toml.',
            ),
            "program": Wording(
                "The program has no {language_name} words of its own, so the links and the footer"
                " around the edition are in English.",
                "Ask for a translation of the program, or take “{language}” out of the languages.",
                Level.SHOULD,
            ),
        },
    ),
    Rule(
        "translation-stale",
        Level.SHOULD,
        "No translation has been left behind by the text that it translates.",
        "L2",
        {
            "changed": Wording(
                "The {first_name} words of “{field}” have changed since the languages were last"
                " confirmed, and the {language_name} ones have not.",
                "Bring them up to date, or run `newsletter edition confirm {slug} --language"
                " {language}` when they need no change.",
            )
        },
    ),
    Rule(
        "subject-empty",
        Level.MUST,
        "Every language has a subject.",
        "M8; D2",
        {
            "empty": Wording(
                "The {language_name} subject is empty.",
                "Say in a few words what the edition is about.",
            )
        },
    ),
    Rule(
        "subject-length",
        Level.ADVICE,
        "Subjects are short enough to be shown whole.",
        "D2",
        {
            "long": Wording(
                "The {language_name} subject has {count} characters.",
                "Put what matters into the first {most}: mail programs cut the rest off.",
            )
        },
    ),
    Rule(
        "preheader-length",
        Level.ADVICE,
        "The line that mail programs show beside the subject adds to it, and fills its space.",
        "M24; D2",
        {
            "missing": Wording(
                "There is no {language_name} preheader, so mail programs show whatever words come"
                " first.",
                "Say in one line what else the edition holds.",
            ),
            "short": Wording(
                "The {language_name} preheader has {count} characters, so mail programs show what"
                " comes after it, too.",
                "Say a little more: at least {least}.",
            ),
            "long": Wording(
                "The {language_name} preheader has {count} characters.",
                "Shorten it to {most}: mail programs cut the rest off.",
            ),
            "same": Wording(
                "The {language_name} preheader says the same as the subject.",
                "Say what else the edition holds.",
                Level.SHOULD,
            ),
        },
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
    Rule(
        "merge-unknown",
        Level.MUST,
        "Braces hold values that are known, with words for readers of whom they are not.",
        "design 3; H19",
        {
            "unknown": Wording(
                "{written} is not a value that is known.",
                "Known are {{name|…}}, {{email|…}}, the texts among your settings' attributes and,"
                " as a link's address, {{view}}, {{unsubscribe}}, {{preferences}} and {{why}};"
                " write a real brace twice.",
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
