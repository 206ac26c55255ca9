"""Rules about the words of an edition: slips that a proof-reader would mark."""

from __future__ import annotations

from newsletter.composer.findings.rule import Rule, Wording
from newsletter.domain.findings import Level

_KNOWN = ("en", "cy")
"""The languages that the word lists describe."""

WRITING_RULES = (
    Rule(
        "placeholder",
        Level.SHOULD,
        "Nothing is left of a template, of another program’s merge values, or of what was to be"
        " written later.",
        "D9; H19",
        {
            "merge-value": Wording(
                "“{written}” is another program's value, and readers would see it as it stands.",
                "Write a value of this program, such as {{name|friend}}, or take it out.",
                Level.MUST,
            ),
            "lorem-ipsum": Wording(
                "“{written}” is text that only fills a space.",
                "Write what is meant to stand there, or take it out.",
                Level.MUST,
            ),
            "stand-in": Wording(
                "“{written}” is the name of what should stand there.",
                "Write the words themselves, or take the field out.",
            ),
            "unfinished": Wording(
                "“{written}” marks something that was left for later.",
                "Write what is known by now.",
            ),
        },
        _KNOWN,
    ),
    Rule(
        "fake-list",
        Level.SHOULD,
        "Lists are lists, so that a screen reader says how long they are; characters pasted from a"
        " word processor only look like one.",
        "WCAG 1.3.1; composer notes 5",
        {
            "bullets": Wording(
                "“{written}” begins like an item of a list, but it is none.",
                "Begin each item with “- ” on a line of its own, below an empty line.",
            ),
            "numbers": Wording(
                "“{written}” begins like an item of a numbered list, but it is none.",
                "Begin the items with “1. ”, “2. ” and so on, below an empty line.",
            ),
            "year": Wording(
                "“{number}.” at the beginning became the number of a list.",
                "Write “{number}\\.” when it is no list, or begin with another word.",
            ),
        },
    ),
    Rule(
        "foreign-markup",
        Level.SHOULD,
        "No Markdown is left that this program does not know: readers would see its signs.",
        "composer notes 5",
        {
            "table": Wording(
                "“{written}” begins a table, and texts hold none.",
                "Make it a section of the kind `table`.",
            ),
            "image": Wording(
                "“{written}” is meant to show an image, and texts hold none.",
                "Give the image to the article's `image`, or make it a section of the kind"
                " `image`.",
            ),
            "code": Wording(
                "“{written}” marks a block of code, and texts hold none.",
                "Take the marks out, and write the lines as plain words.",
            ),
            "struck": Wording(
                "“{written}” is meant to be struck out, and texts know no such thing.",
                "Take the words out, or say in words what has changed.",
            ),
            "footnote": Wording(
                "“{written}” is meant for a footnote, and texts hold none.",
                "Write the note into the sentence, or link to where it is explained.",
            ),
            "emphasis": Wording(
                "“{written}” stands in a line of plain words, which knows no bold.",
                "Take the asterisks out.",
            ),
        },
    ),
    Rule(
        "doubled-word",
        Level.SHOULD,
        "No word stands twice in a row, and no letter stands alone, by a slip.",
        "D9",
        {
            "doubled": Wording("“{written}” says a word twice.", "Take one of them out."),
            "stray-letter": Wording(
                "In “{written}” a letter stands alone.", "Take it out, or finish the word."
            ),
        },
        _KNOWN,
    ),
    Rule(
        "all-caps",
        Level.ADVICE,
        "Words are not set in capitals throughout: they read slowly, and some screen readers spell"
        " them letter by letter.",
        "A6",
        {
            "capitals": Wording(
                "“{written}” is set in capitals.",
                "Write it in small letters, and use **bold** for weight.",
            )
        },
    ),
    Rule(
        "long-paragraph",
        Level.ADVICE,
        "Paragraphs are short enough to read on a phone.",
        "A6",
        {
            "long": Wording(
                "The paragraph that begins “{written}” has {count} words.",
                "Part it where the thought turns; up to {most} words read well.",
            )
        },
    ),
    Rule(
        "reading-age",
        Level.ADVICE,
        "English texts can be read without a degree: measured by the length of words and sentences"
        " (the Automated Readability Index).",
        "A6",
        {
            "hard": Wording(
                "This text takes a reading age of about {age}.",
                "Shorten the sentences and take plainer words; school leads to {most}.",
            )
        },
        ("en",),
    ),
    Rule(
        "language-suspect",
        Level.SHOULD,
        "Each text is in the language that it is said to be in: a screen reader chooses its voice"
        " by that.",
        "WCAG 3.1.2; H10",
        {
            "other": Wording(
                "“{written}” looks like {other_language}, and stands among the {language_name}"
                " words.",
                "Write it in {language_name}; for words that stay in another language, write"
                " [words]{{lang={other}}}.",
            )
        },
        _KNOWN,
    ),
    Rule(
        "date-past",
        Level.SHOULD,
        "What is announced is still to come on the day on which the edition is composed.",
        "D8",
        {
            "event": Wording(
                "The day is {day}, which is over.", "Correct the day, or take the entry out."
            ),
            "announced": Wording(
                "“{written}” speaks of what is to come, and that day is over.",
                "Correct the day, or say what came of it.",
            ),
        },
        _KNOWN,
    ),
    Rule(
        "event-times",
        Level.MUST,
        "An event ends after it has started, at hours that there are.",
        "RFC 5545 3.8.2.2",
        {
            "backwards": Wording(
                "The event ends before it starts.", "Correct the day or the time of one of them."
            ),
            "half": Wording(
                "Of the event's start and end, only one has a time.",
                "Write a time for both, or for neither.",
                Level.SHOULD,
            ),
            "skipped": Wording(
                "{written} does not exist in {zone}: the clocks go forward over it.",
                "Name an hour before or after it.",
            ),
        },
    ),
    Rule(
        "text-direction",
        Level.SHOULD,
        "No character is hidden in the text: such as turn the direction of writing, or have no"
        " width, disguise words and break addresses.",
        "X3",
        {
            "override": Wording(
                "Here is {character}, by which words read other than they are written.",
                "Delete the word with everything around it, and type it anew.",
                Level.MUST,
            ),
            "hidden": Wording(
                "Here is {character}, which nobody can see.",
                "Delete the word with everything around it, and type it anew.",
            ),
        },
    ),
    Rule(
        "personal-data",
        Level.SHOULD,
        "No number that belongs to one person is sent to everybody.",
        "D7",
        {
            "national-insurance": Wording(
                "“{written}” looks like a National Insurance number.",
                "Take it out, unless it is made up and meant as an example.",
            ),
            "nhs": Wording(
                "“{written}” looks like an NHS number.",
                "Take it out, unless it is made up and meant as an example.",
            ),
            "bank-account": Wording(
                "“{written}” looks like a sort code beside an account number.",
                "Take it out, unless it is the account of the sender and meant for payments.",
            ),
        },
    ),
)
