"""Rules about images: what is said of them, and what they weigh."""

from __future__ import annotations

from newsletter.composer.findings.rule import Rule, Wording
from newsletter.domain.findings import Level

_KNOWN = ("en", "cy")
"""The languages that the word lists describe."""

_SAY_WHAT = "Say what somebody sees in it who needs to know, in a sentence."

IMAGE_RULES = (
    Rule(
        "alt-missing",
        Level.MUST,
        "Every image says in words what it shows, or that it shows nothing that matters.",
        "WCAG 1.1.1; H5",
        {
            "missing": Wording(
                "The image {src} has no alternative text.",
                "Say in “alt” what the image shows, or write “decorative: true” when it adds"
                " nothing to the words.",
            )
        },
    ),
    Rule(
        "alt-poor",
        Level.SHOULD,
        "An alternative text stands in for the image: it says what the image says, once, in a"
        " sentence.",
        "WCAG 1.1.1; H5, A1",
        {
            "file-name": Wording(
                "“{alt}” is the name of a file, not what the image shows.", _SAY_WHAT, Level.MUST
            ),
            "empty-words": Wording("“{alt}” does not say what the image shows.", _SAY_WHAT),
            "opening": Wording(
                "“{alt}” begins by saying that it is an image, which screen readers say anyway.",
                "Begin with what it shows.",
                Level.ADVICE,
            ),
            "long": Wording(
                "The alternative text has {count} characters.",
                "Say the gist in {most} or fewer, and put the rest into the text itself.",
            ),
            "repeats": Wording(
                "“{alt}” repeats the words of “{other}”, so that they are heard twice.",
                "Say what else the image shows, or write “decorative: true”.",
            ),
            "same": Wording(
                "“{alt}” stands for {src} and for {other} alike.",
                "Say of each what it shows.",
            ),
        },
        _KNOWN,
    ),
    Rule(
        "image-missing",
        Level.MUST,
        "Every image that an edition names is there.",
        "design 3",
        {
            "missing": Wording(
                "The image {src} is not there.",
                "Put the file itself, no folder and no link to elsewhere, into the edition's"
                " folder under that name, or correct “src”.",
            )
        },
    ),
    Rule(
        "image-format",
        Level.MUST,
        "Images are PNG, JPEG or GIF, which every mail program shows.",
        "H16",
        {
            "unusable": Wording(
                "The image {src} cannot be used: it is {reason}.",
                "Save it as a PNG, JPEG or GIF of some thousand pixels at most, and name that file"
                " in “src”.",
            ),
            "stilled": Wording(
                "The {format} file {src} holds several pictures, and only the first is shown.",
                "Save it as a GIF if it should move.",
                Level.ADVICE,
            ),
            "converted": Wording(
                "The image {src} is a {format} file, and is sent as {sent_as}.",
                "Look at it in the preview; save it as {sent_as} yourself to be sure of it.",
                Level.ADVICE,
            ),
        },
    ),
    Rule(
        "image-small",
        Level.SHOULD,
        "Images have enough pixels to fill their place.",
        "H16, D6",
        {
            "narrow": Wording(
                "The image {src} has pixels for a width of {shown}, and its place is {room} wide.",
                "Take a file that is {wanted} pixels wide, so that it is sharp on phones too.",
            )
        },
    ),
    Rule(
        "image-weight",
        Level.SHOULD,
        "Images are light enough to appear at once on a phone: 200 kB each, 800 kB in all.",
        "H16, D6",
        {
            "heavy": Wording(
                "The image {src} weighs {weight} kB as it is sent; {most} kB is the most.",
                "Take a photograph as JPEG, and a drawing with fewer colours.",
            ),
            "heavy-animation": Wording(
                "The moving image {src} weighs {weight} kB; {most} kB is the most.",
                "Take fewer pictures or a smaller size, or link to a film.",
            ),
            "heavy-edition": Wording(
                "The images of the {language_name} mail weigh {weight} kB together; {most} kB is"
                " the most.",
                "Leave one out, or show it on the page that you link to.",
            ),
        },
    ),
    Rule(
        "image-text",
        Level.ADVICE,
        "Words stand in the text, where they can be enlarged, listened to and translated, not in"
        " images.",
        "WCAG 1.4.5; A5",
        {
            "suspected": Wording(
                "The image {src} may hold words: by its {evidence} it is a {kind}.",
                "Say all that it says in the text as well, in each language.",
            )
        },
        _KNOWN,
    ),
)
