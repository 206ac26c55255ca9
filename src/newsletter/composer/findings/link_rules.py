"""Rules about links: what they are called, and where they lead."""

from __future__ import annotations

from newsletter.composer.findings.rule import Rule, Wording
from newsletter.domain.findings import Level

_KNOWN = ("en", "cy")
"""The languages that the word lists describe."""

LINK_RULES = (
    Rule(
        "link-vague",
        Level.MUST,
        "A link says where it leads, also to somebody who hears nothing but the links.",
        "WCAG 2.4.4; H8, A2",
        {
            "vague": Wording(
                "“{label}” does not say where the link leads.",
                "Name what opens, such as “{example}”.",
            ),
            "named": Wording(
                "“{label}” does not say where the link leads; only screen readers hear the heading"
                " with it, “{name}”.",
                "Name what opens, such as “{example}”.",
                Level.SHOULD,
            ),
        },
        _KNOWN,
    ),
    Rule(
        "link-ambiguous",
        Level.MUST,
        "Links of one name lead to one place.",
        "WCAG 2.4.4; H8",
        {
            "same": Wording(
                "“{label}” leads to {url}, and another link of that name to {other}.",
                "Give each a name of its own.",
            )
        },
    ),
    Rule(
        "link-below",
        Level.SHOULD,
        "A text does not send readers to a link by its place: who hears the mail, or reads it on a"
        " phone, finds nothing “below”.",
        "WCAG 1.3.3; field 2b",
        {
            "place": Wording(
                "“{written}” says where on the page a link is.",
                "Make the words themselves the link, or call it by its name.",
            )
        },
        _KNOWN,
    ),
    Rule(
        "link-bare",
        Level.SHOULD,
        "A link has words: an address is hard to listen to, and says little to who reads it.",
        "WCAG 2.4.4; A7",
        {
            "label": Wording(
                "The link's words are its address, “{label}”.",
                "Say in words what opens: [the annual report]({url}).",
            ),
            "unlinked": Wording(
                "“{written}” stands in the text as an address that is not linked.",
                "Make a link of it: [words that say what opens]({url}).",
            ),
        },
    ),
    Rule(
        "link-scheme",
        Level.MUST,
        "Links begin with https, mailto or tel; nothing runs a script or carries its own data.",
        "H19",
        {
            "refused": Wording(
                "“{url}” cannot be the address of a link, so the mail shows its words only.",
                "Write the whole address, beginning with https://, mailto: or tel:.",
            )
        },
    ),
    Rule(
        "link-http",
        Level.MUST,
        "Links use https, so that nobody on the way can read or change what opens.",
        "H19, D4",
        {
            "http": Wording(
                "{url} is not encrypted.",
                "Write https:// when the site has it; when it has not, link to one that does.",
            )
        },
    ),
    Rule(
        "link-mailto",
        Level.MUST,
        "A mailto link starts a plain message to one place, and adds no headers to it.",
        "RFC 6068 7; H19",
        {
            "line-break": Wording(
                "{url} holds a line break, by which headers can be smuggled into a message.",
                "Take out %0D and %0A; only the body of the message may have them.",
            ),
            "header": Wording(
                "{url} would set “{header}” in the reader's message.",
                "Keep to “subject” and “body”.",
                Level.SHOULD,
            ),
            "address": Wording(
                "{url} leads to no mailbox: it is not an email address.",
                "Write one whole address, like name@your-domain.",
            ),
        },
    ),
    Rule(
        "link-tel",
        Level.MUST,
        "A phone link dials a number.",
        "RFC 3966 3; H19",
        {
            "number": Wording(
                "{url} is no number that a phone can dial.",
                "Write its digits, with + in front and spaces between as you like; opening hours"
                " and such go into the text.",
            ),
        },
    ),
    Rule(
        "link-example",
        Level.MUST,
        "No link leads to a site that exists for examples only.",
        "RFC 2606; H19",
        {
            "example": Wording(
                "{url} is the address of an example, and nothing of yours is there.",
                "Write the address that is meant.",
            ),
            "documentation": Wording(
                "{url} is an address from the documentation, and nothing of yours is there.",
                "Write the address that is meant.",
                Level.SHOULD,
            ),
        },
    ),
    Rule(
        "link-internal",
        Level.SHOULD,
        "Links can be opened from outside the sender's own network.",
        "D7; H19",
        {
            "this-machine": Wording(
                "{url} leads to whatever machine it is opened on, and so to nothing of yours.",
                "Write the public address of the page.",
                Level.MUST,
            ),
            "network": Wording(
                "{url} looks like an address inside your network.",
                "Write the public address of the page, or make sure that all readers are inside.",
            ),
        },
    ),
    Rule(
        "link-shortener",
        Level.MUST,
        "Links show where they lead: spam filters and careful readers mistrust shortened ones.",
        "H19",
        {
            "shortened": Wording(
                "{url} hides where it leads.",
                "Open it in a browser, and copy the address of the page that appears.",
            )
        },
    ),
    Rule(
        "link-language",
        Level.SHOULD,
        "A link in one language leads to the page in that language.",
        "L3",
        {
            "other": Wording(
                "{url} looks like a page in {other_language}, and stands among the {language_name}"
                " words.",
                "Write the address of the {language_name} page; if there is none, say in the link's"
                " words that the page is in {other_language}.",
            )
        },
        _KNOWN,
    ),
)
