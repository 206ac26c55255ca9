"""What images say of themselves, and where they come from: alt-missing, image-size, third-party."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.checks.mail.elements import place_of
from newsletter.composer.findings.findings import FindingList, Place
from newsletter.composer.looks.css import read_sheet

_FETCHED = etree.XPath("//@src | //@srcset | //@background | //@poster", smart_strings=False)
_IN_STYLE = re.compile(r"url\(\s*[\"']?([^\"')]*)", re.IGNORECASE)
_LOADING = etree.XPath("//link/@href", smart_strings=False)


def check_images(mail: ExaminedMail, findings: FindingList) -> None:
    """Look at each image's words and sizes; whether its words are any good is checked elsewhere."""
    for image in mail.document.iter("img"):
        src = image.get("src", "")
        if image.get("alt") is None:
            findings.add("alt-missing", "missing", place_of(image, mail), src=src)
        for attribute in ("width", "height"):
            if not image.get(attribute, "").isdecimal():
                place = place_of(image, mail)
                findings.add("image-size", "missing", place, src=src, attribute=attribute)


def check_fetches(mail: ExaminedMail, findings: FindingList) -> None:
    """Look for what a mail program would ask of anybody but the sender's own server."""
    place = Place(mail.language)
    for url in dict.fromkeys(_fetched(mail)):
        if not url.startswith(f"{mail.media_url}/"):
            findings.add("third-party", "address", place, url=url, media_url=mail.media_url)
    for style in mail.document.iter("style"):
        for name in read_sheet(style.text or "").fetches:
            findings.add("third-party", "sheet", place, name=name)


def _fetched(mail: ExaminedMail) -> Iterator[str]:
    """Each address that is asked for when the mail is opened."""
    yield from _FETCHED(mail.document)
    yield from _LOADING(mail.document)
    if "url(" in mail.html:
        yield from _IN_STYLE.findall(mail.html)
