"""Rules about mail programs: what they show, drop, cut off and fetch."""

from __future__ import annotations

from newsletter.composer.findings.rule import Rule, Wording
from newsletter.domain.findings import Level

_MEND = "Mend the template, or remove your own copy of it."
_LESS = "Part the edition in two, or leave sections out; text weighs more than images here."

MAIL_PROGRAM_RULES = (
    Rule(
        "html-size",
        Level.MUST,
        "The mail is shown whole: Gmail cuts off what is beyond about 102,400 bytes, and the link"
        " for unsubscribing with it.",
        "H12, D3",
        {
            "over": Wording(
                "The HTML has {size:,} bytes where a reader’s values are longest; Gmail cuts it"
                " off at {most:,}.",
                _LESS,
            ),
            "near": Wording(
                "The HTML has {size:,} bytes where a reader’s values are longest, near the {most:,}"
                " at which Gmail cuts it off.",
                _LESS,
                Level.SHOULD,
            ),
        },
    ),
    Rule(
        "third-party",
        Level.MUST,
        "Opening the mail asks nobody for anything but the sender’s own server for images, so"
        " that nobody else learns who reads it.",
        "H14, L7",
        {
            "address": Wording(
                "Opening the mail fetches {url}, which is not below {media_url}.",
                "Use an image field, whose file is published with the edition.",
            ),
            "sheet": Wording(
                "A block of styles fetches from elsewhere with @{name}.",
                "Name fonts that readers have.",
            ),
        },
    ),
    Rule(
        "unsupported",
        Level.MUST,
        "The mail holds nothing that mail programs drop, or distrust it for.",
        "H13, H19, H21",
        {
            "element": Wording(
                "The finished mail holds <{name}>, which mail programs drop.",
                "Say it with words, images and links.",
            ),
            "handler": Wording(
                "<{element}> has a script in “{name}”, which mail programs drop.",
                "Remove it.",
            ),
            "address": Wording(
                "The link “{label}” leads to {url}, which no mail program opens.",
                "Write a whole address that begins with https:, mailto: or tel:.",
            ),
            "style": Wording(
                "A style says “{name}:{value}”, which many mail programs do not know.",
                "Arrange things with sections and columns.",
                Level.SHOULD,
            ),
            "long-block": Wording(
                "A block of styles has {size:,} bytes; Gmail drops one of more than {most:,}.",
                "Part it in two, or write shorter rules.",
            ),
            "broken-block": Wording(
                "A block of styles cannot be read, or has an @ rule in an @ rule; Gmail drops it.",
                "Close every {{ with a }}, and put @ rules one after another.",
            ),
        },
    ),
    Rule(
        "outlook",
        Level.SHOULD,
        "Outlook for Windows, which reads HTML as Word does, shows the mail as it is meant.",
        "H15",
        {
            "condition": Wording(
                "A conditional comment for Outlook is opened or closed once too often.",
                _MEND,
                Level.MUST,
            ),
            "tags": Wording(
                "What only Outlook reads has {opened} <{name}> and {closed} </{name}>.",
                _MEND,
                Level.MUST,
            ),
            "role": Wording(
                'A table that only Outlook reads lacks role="presentation".',
                _MEND,
            ),
            "width": Wording(
                "A table that only Outlook reads is {width} wide, and it knows pixels only.",
                _MEND,
            ),
            "background": Wording(
                "Words stand on the background image {url}, which Outlook does not show.",
                "Use an image field, and give what is behind the words a background-color.",
            ),
        },
    ),
)
