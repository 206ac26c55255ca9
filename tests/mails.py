"""Finished mails made of small pieces of HTML, and what the checks say of them."""

from __future__ import annotations

from typing import Any

from lxml import etree

from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.checks.finished_mail import check_mail
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.looks.shown_texts import appearance_of
from newsletter.composer.markup.finish import Finished
from newsletter.composer.markup.finished_links import links_of
from newsletter.composer.markup.inline import parse
from newsletter.composer.words.merge_values import Marks
from newsletter.domain.compiled import Slot
from newsletter.domain.findings import Finding
from tests.builders import a_letter, an_edition

MARKS = Marks([])
MEDIA = "https://news.example.org/media"
ADDRESS = ("Town Hall", "1 Bridge Street")


def mark(name: str, language: str = "") -> str:
    """What stands for a reader's value in a finished mail."""
    return MARKS.mark(Slot(name, language=language))


DARK = """
@media (prefers-color-scheme:dark) {
body { background:#12171d !important; }
h1, h2, h3, h4, p, li, th, td, caption, a { color:#e4e8ec !important; }
}
[data-ogsb] body { background:#12171d !important; }
"""
DARK += "".join(
    f"[data-ogsc] {element} {{ color:#e4e8ec !important; }}\n"
    for element in ("h1", "h2", "h3", "h4", "p", "li", "th", "td", "caption", "a")
)
METAS = (
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="light dark">'
    '<meta name="supported-color-schemes" content="light dark">'
)
HEAD = f"<title>News</title>{METAS}<style>{DARK}</style>"
FOOTER = (
    "<p>Town Hall<br>1 Bridge Street</p>"
    f"<p>Sent to {mark('email')}."
    f' <a href="{mark("why")}">Why?</a>'
    f' <a href="{mark("unsubscribe")}">Unsubscribe</a>'
    f' <a href="{mark("preferences")}">Preferences</a>'
    f' <a href="{mark("view")}">View</a></p>'
)
TEXT_FOOTER = "\n".join(
    [*ADDRESS, f"Sent to {mark('email')}."]
    + [f"{name}: {mark(name.lower())}" for name in ("Why", "Unsubscribe", "Preferences", "View")]
)
BODY_STYLE = "background:#fefefe;color:#1f2d2f;font-size:16px;line-height:1.5"


def a_mail(
    content: str = "",
    *,
    head: str = HEAD,
    footer: str = FOOTER,
    style: str = BODY_STYLE,
    **changed: Any,
) -> ExaminedMail:
    """A mail that nothing is wrong with, and `content` in it, which the text part shows, too."""
    html = (
        f'<!DOCTYPE html><html lang="en" dir="ltr"><head>{head}</head><body style="{style}">'
        f'<div lang="en" dir="ltr"><h1>News</h1>{content}{footer}</div></body></html>'
    )
    return mail_of(html, **changed)


def mail_of(html: str, **changed: Any) -> ExaminedMail:
    """A mail of this HTML; elements with a `data-section` belong to that section."""
    document = parse(html)
    html = "<!DOCTYPE html>" + etree.tostring(document, method="html", encoding="unicode")
    sections = {
        inner: int(element.get("data-section"))
        for element in document.xpath("//*[@data-section]")
        for inner in element.iter("*")
    }
    said = " ".join(text.words for text in appearance_of(document).texts)
    values: dict[str, Any] = {
        "language": "en",
        "languages": ("en",),
        "markup": "",
        "html": html,
        "document": document,
        "sections": sections,
        "text": f"News\n====\n\n{said}\n\n{TEXT_FOOTER}\n",
        "links": tuple(links_of(Finished(html, document, sections))),
        "marks": MARKS,
        "media_url": MEDIA,
        "heaviest": len(html.encode()),
        "postal_address": ADDRESS,
    }
    return ExaminedMail(**values | changed)


def findings_of(mail: ExaminedMail) -> tuple[Finding, ...]:
    """All that the checks find."""
    findings = FindingList(an_edition(*(a_letter() for _ in range(9))))
    check_mail(mail, findings)
    return findings.all()


def found(rule: str, mail: ExaminedMail) -> list[str]:
    """What the checks say of one rule."""
    return [finding.message for finding in findings_of(mail) if finding.rule == rule]


def rules_broken(mail: ExaminedMail) -> set[str]:
    """The rules that the mail breaks."""
    return {finding.rule for finding in findings_of(mail)}
