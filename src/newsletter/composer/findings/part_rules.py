"""Rules about what must be in both parts of a mail, and what must have been left behind."""

from __future__ import annotations

from newsletter.composer.findings.rule import Rule, Wording
from newsletter.domain.findings import Level

_FOOTER = "Put it back into the template of the layout’s footer, or remove your own copy of it."
_MEND = "Mend the template, or remove your own copy of it."

PART_RULES = (
    Rule(
        "unsubscribe-missing",
        Level.MUST,
        "Both parts of the mail show how to leave, as the law and the big receivers ask.",
        "L3, D1",
        {
            "html": Wording("The mail has no link for unsubscribing that can be seen.", _FOOTER),
            "text": Wording("The text part does not show the unsubscribe address.", _FOOTER),
        },
    ),
    Rule(
        "postal-address-missing",
        Level.MUST,
        "Both parts of the mail say who sends it, and from where.",
        "L3, D1",
        {
            "brand": Wording(
                "The brand has no postal address.",
                "Write postal_address in brand/brand.toml.",
            ),
            "html": Wording("The mail does not show “{line}” of the postal address.", _FOOTER),
            "text": Wording("The text part does not show “{line}” of the postal address.", _FOOTER),
        },
    ),
    Rule(
        "footer-incomplete",
        Level.MUST,
        "Both parts of the mail say to whom it went and why, and lead to the reader’s settings and"
        " to the web.",
        "design 3; L3",
        {
            "html": Wording("The mail does not show {{{name}}}.", _FOOTER),
            "text": Wording("The text part does not show {{{name}}}.", _FOOTER),
        },
    ),
    Rule(
        "lost-in-compilation",
        Level.MUST,
        "What stands in the templates is in the mail: MJML drops in silence what it does not know.",
        "composer notes 2",
        {
            "slot": Wording(
                "{{{name}}} stands in the template and is not in the mail.",
                "Look there for an attribute or a tag that MJML does not know.",
            ),
            "link": Wording(
                "The link to {url} stands in the template and is not in the mail.",
                "Look there for an attribute or a tag that MJML does not know.",
            ),
            "style": Wording(
                "The styles of “{selector}” for “{media}” stand in the template and are not in the"
                " mail.",
                "Look there for a brace too many, or a sign that CSS does not know.",
            ),
        },
    ),
    Rule(
        "template-residue",
        Level.MUST,
        "Nothing of the templates is left in the mail: no braces, no empty values, no marks.",
        "H19",
        {
            "sign": Wording(
                "“{sign}” of a template is left in {part}, at “{around}”.",
                "Mend the template; for real braces in a text, write fewer.",
            ),
            "value": Wording(
                "A template wrote “{sign}” where a value is missing, in {part}.",
                _MEND,
                Level.SHOULD,
            ),
            "attribute": Wording(
                '<{element}> has {attribute}="{value}", since a value is missing.',
                _MEND,
            ),
        },
    ),
    Rule(
        "text-part",
        Level.MUST,
        "The text part says what the HTML says, to readers who see only that.",
        "H18",
        {
            "words": Wording(
                "The text part has only {share} % of the words of the HTML, and lacks such as"
                " “{missing}”.",
                "Show each field of the section in its section.txt.j2, too.",
            ),
            "more-words": Wording(
                "The HTML has only {share} % of the words of the text part, and lacks such as"
                " “{missing}”.",
                "Show each field of the section in its section.mjml.j2, too.",
            ),
            "link": Wording(
                "The text part does not show the address of the link “{label}”, {url}.",
                "Write the address behind its label in the section’s section.txt.j2.",
            ),
            "heading": Wording(
                "The text part does not show “{heading}” as a heading.",
                "Write {{{{ heading | underline }}}} in the section’s section.txt.j2.",
                Level.SHOULD,
            ),
            "long-line": Wording(
                "A line of the text part has {count} characters, “{line}”; {most} is the most.",
                "Write {{{{ … | wrap }}}} in the section’s section.txt.j2.",
                Level.SHOULD,
            ),
            "residue": Wording(
                "The text part holds “{sign}”, which belongs to HTML.",
                "Use the field’s text in the section’s section.txt.j2.",
            ),
            "padding": Wording(
                "The text part holds invisible characters in a row.",
                "Remove them from the template.",
                Level.SHOULD,
            ),
        },
    ),
)
