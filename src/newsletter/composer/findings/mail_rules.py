"""Rules about how a finished mail is built: what assistive technology reads of it."""

from __future__ import annotations

from newsletter.composer.findings.rule import Rule, Wording
from newsletter.domain.findings import Level

_MEND = "Mend the template, or remove your own copy of it."

MAIL_RULES = (
    Rule(
        "lang-missing",
        Level.MUST,
        "The document and each block at its top say their language and direction: screen readers"
        " choose the voice by it, and mail programs drop the outermost element.",
        "WCAG 3.1.1, 3.1.2; H1, H3, H10, A8",
        {
            "missing": Wording(
                "In the finished mail, <{element}> lacks “{attribute}”.",
                "Mend the layout template, or remove your own copy of it.",
            ),
            "invalid": Wording(
                'In the finished mail, <{element}> has {attribute}="{value}", which says nothing.',
                "Write a language tag such as “cy”, and “ltr” or “rtl” as its direction.",
            ),
        },
    ),
    Rule(
        "title-missing",
        Level.MUST,
        "The document has a title, which browsers and screen readers announce it by.",
        "WCAG 2.4.2; H2",
        {
            "missing": Wording(
                "The finished mail has no <title>.",
                "Write a subject, or put <mj-title> back into the layout template.",
            )
        },
    ),
    Rule(
        "heading-order",
        Level.MUST,
        "One main heading, and no level left out, so that a screen reader’s list of headings is a"
        " table of contents.",
        "WCAG 1.3.1; H6, A3",
        {
            "none": Wording(
                "The mail has no main heading.",
                "Give the masthead a title.",
            ),
            "several": Wording(
                "The mail has a second main heading, “{heading}”.",
                "Keep one masthead section; other headings come below it.",
            ),
            "late": Wording(
                "“{heading}” stands before the main heading.",
                "Put the masthead section first.",
            ),
            "skipped": Wording(
                "The heading “{heading}” is of level {level} under one of level {above}.",
                "Use ### for headings inside a text, and #### only below them.",
            ),
            "empty": Wording(
                "A heading of level {level} has no words.",
                "Write the heading, or leave it out.",
            ),
        },
    ),
    Rule(
        "table-role",
        Level.MUST,
        "A table that only arranges things says so, or a screen reader reads it out cell by cell.",
        "WCAG 1.3.1; H4",
        {
            "missing": Wording(
                'A table that holds no data lacks role="presentation".',
                _MEND,
            )
        },
    ),
    Rule(
        "table-headers",
        Level.MUST,
        "A table of data has a caption, and headings that say which cells they are for.",
        "WCAG 1.3.1; H4",
        {
            "presentation": Wording(
                'A table of data has role="{role}", by which its headings are lost.',
                _MEND,
            ),
            "scope": Wording(
                'The heading “{heading}” of a table lacks scope="col" or scope="row".',
                _MEND,
            ),
            "caption": Wording(
                "A table of data has no caption.",
                "Say in “caption” what the table shows.",
            ),
            "uneven": Wording(
                "Row {row} under the headings of the table “{caption}” has not {expected} cells,"
                " but {count}.",
                "Give each row as many cells as there are columns, empty ones where need be.",
            ),
        },
    ),
    Rule(
        "image-size",
        Level.MUST,
        "Images say how wide and high they are, so that nothing jumps while they load, and Outlook"
        " keeps their proportions.",
        "H15, H16",
        {
            "missing": Wording(
                "The image {src} lacks “{attribute}” in whole pixels.",
                _MEND,
            )
        },
    ),
    Rule(
        "link-empty",
        Level.MUST,
        "Every link has words, or an image that has, and leads somewhere.",
        "WCAG 2.4.4, 4.1.2; H5, H8, H19",
        {
            "name": Wording(
                "The link to {url} has no words.",
                "Write its label, or say in “alt” what the image in it shows.",
            ),
            "address": Wording(
                "The link “{label}” leads nowhere.",
                "Give it an address, or remove it.",
            ),
            "anchor": Wording(
                "The link “{label}” leads to {url}, which the mail does not have.",
                _MEND,
            ),
        },
    ),
    Rule(
        "id-duplicate",
        Level.MUST,
        "No two elements share an id, so that links inside the mail lead where they say.",
        "WCAG 4.1.2; H9",
        {
            "repeated": Wording(
                "The id “{name}” is given to {count} elements.",
                "Make ids of `section.anchor`, which is once in each mail.",
            )
        },
    ),
    Rule(
        "aria-invalid",
        Level.MUST,
        "What templates tell assistive technology is what it understands.",
        "WCAG 4.1.2; H9",
        {
            "role": Wording("<{element}> has the role “{value}”, which there is not.", _MEND),
            "attribute": Wording("<{element}> has “{value}”, which there is not.", _MEND),
            "reference": Wording(
                "<{element}> names the id “{value}”, which the mail does not have.", _MEND
            ),
            "hidden-link": Wording(
                "The link to {value} is hidden from screen readers, and can still be reached by"
                " keyboard.",
                _MEND,
            ),
        },
    ),
    Rule(
        "zoom-blocked",
        Level.MUST,
        "Readers can make the mail greater.",
        "WCAG 1.4.4; H9",
        {
            "viewport": Wording(
                "The viewport says “{value}”, which keeps readers from zooming.",
                "Leave it at “width=device-width, initial-scale=1”.",
            )
        },
    ),
)
