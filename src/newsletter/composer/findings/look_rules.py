"""Rules about how a finished mail looks: whether everybody can read it."""

from __future__ import annotations

from newsletter.composer.findings.rule import Rule, Wording
from newsletter.domain.findings import Level

_COLOUR = "Write {better} or one further from {ground} for it, in brand.toml or the template."

LOOK_RULES = (
    Rule(
        "contrast",
        Level.MUST,
        "Words and buttons stand out from what is behind them, by day and on dark screens.",
        "WCAG 1.4.3, 1.4.11; H7, A4",
        {
            "day": Wording(
                "“{words}” is {colour} on {ground}, a contrast of {ratio}:1; {least}:1 is the"
                " least.",
                _COLOUR,
            ),
            "dark": Wording(
                "On dark screens, “{words}” is {colour} on {ground}, a contrast of {ratio}:1;"
                " {least}:1 is the least.",
                "Write {better} or one further from {ground} for it, in [dark] of brand.toml or"
                " in layout/dark.css.j2.",
            ),
            "unknown": Wording(
                "“{words}” stands on what is not one colour, or not known to be, so its contrast"
                " is not known either.",
                "Give what is behind it a background-color of its own.",
                Level.SHOULD,
            ),
            "button": Wording(
                "The button “{words}” is {colour} on {ground}, a contrast of {ratio}:1; with less"
                " than {least}:1 it does not look like a button.",
                _COLOUR,
                Level.SHOULD,
            ),
        },
    ),
    Rule(
        "link-underline",
        Level.MUST,
        "Links among other words are underlined: some readers do not see that their colour is"
        " another.",
        "WCAG 1.4.1; H8",
        {
            "plain": Wording(
                "The link “{label}” stands among other words and is not underlined.",
                "Give it text-decoration:underline in the template’s or the design’s styles.",
            )
        },
    ),
    Rule(
        "target-size",
        Level.SHOULD,
        "Links that stand alone are large enough for a thumb.",
        "WCAG 2.5.8; H11",
        {
            "small": Wording(
                "The link “{label}” is {height} pixels high; {least} is the least.",
                "Give it a greater line-height, or more padding.",
            ),
            "button": Wording(
                "The button “{label}” is {height} pixels high; {least} is easy to hit.",
                "Give it more padding.",
                Level.ADVICE,
            ),
        },
    ),
    Rule(
        "text-size",
        Level.SHOULD,
        "Texts are large enough to be read without zooming.",
        "H11",
        {
            "running": Wording(
                "“{words}” is {measured} pixels high; {least} is the least for a text.",
                "Give it a greater font-size.",
            ),
            "small": Wording(
                "“{words}” is {measured} pixels high; {least} is the least for small print, too.",
                "Give it a greater font-size.",
            ),
        },
    ),
    Rule(
        "line-height",
        Level.SHOULD,
        "The lines of a text stand apart, so that the eye finds the next one.",
        "WCAG 1.4.12; H11",
        {
            "tight": Wording(
                "The lines of “{words}” are {measured} times as high as its letters; {least} times"
                " is the least.",
                "Give it a greater line-height.",
            )
        },
    ),
    Rule(
        "text-justified",
        Level.SHOULD,
        "Texts have a ragged edge: the gaps in justified ones are hard on dyslexic readers.",
        "WCAG 1.4.8; H11",
        {
            "justified": Wording(
                "“{words}” is justified.",
                "Write text-align:left.",
            )
        },
    ),
    Rule(
        "dark-mode",
        Level.SHOULD,
        "The mail has colours of its own for dark screens, and says so, since mail programs"
        " otherwise invert what they like.",
        "H17",
        {
            "meta": Wording(
                'The finished mail lacks <meta name="{name}">, by which it says that it can be'
                " dark.",
                "Put it back into the layout template with the content “light dark”.",
            ),
            "colours": Wording(
                "The finished mail has no colours for dark screens.",
                "Put layout/dark.css.j2 back into the layout template.",
            ),
            "outlook": Wording(
                "Outlook.com is not told that “{selector}” has the {name} {value} on dark screens.",
                "Repeat the rule behind [data-ogsc] for words or [data-ogsb] for what is behind"
                " them.",
            ),
            "extreme": Wording(
                "“{words}” is {colour} on {ground}: pure black and white dazzle, and are what mail"
                " programs invert first.",
                "Write a colour just off, such as #1b1b1b or #fefefe.",
                Level.ADVICE,
            ),
        },
    ),
)
