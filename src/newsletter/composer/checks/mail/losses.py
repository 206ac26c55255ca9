"""What stands in a mail's templates and was lost on the way: lost-in-compilation."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from html import unescape

from newsletter.composer.checks.examined import ExaminedMail
from newsletter.composer.findings.findings import FindingList
from newsletter.composer.looks.css import read_sheet
from newsletter.composer.markup.places import place_before, without_places

_HREF = re.compile(r"href=\"([^\"]*)\"")
_STYLE = re.compile(r"<mj-style\s*>(.*?)</mj-style>", re.DOTALL)


def check_losses(mail: ExaminedMail, findings: FindingList) -> None:
    """Compare the finished mail with the MJML that it was made of."""
    # At least as often: the title, for one, comes out twice.
    lost = Counter(mail.marks.slots_in(mail.markup)) - Counter(mail.marks.slots_in(mail.html))
    for slot in lost:
        _note("slot", mail.markup.find(mail.marks.mark(slot)), mail, findings, name=slot.name)
    kept = {link.get("href") for link in mail.document.iter("a")}
    for url in set(_HREF.findall(mail.markup)):
        if unescape(url) not in kept:
            readable = mail.marks.readable(unescape(url))
            _note("link", mail.markup.find(f'href="{url}"'), mail, findings, url=readable)
    _check_styles(mail, findings)


def _check_styles(mail: ExaminedMail, findings: FindingList) -> None:
    """Compare the blocks of styles; what is in one for some media only is as good as lost."""
    shown = [style.text or "" for style in mail.document.iter("style") if not style.get("media")]
    unchanged = {_squeezed(css) for css in shown}
    for block in _STYLE.finditer(mail.markup):
        css = without_places(block[1])
        if _squeezed(css) not in unchanged:
            kept = [rule for one in shown for rule in read_sheet(one).rules]
            for rule in read_sheet(css).rules:
                if rule not in kept:
                    media = rule.media or "all"
                    _note(
                        "style", block.start(), mail, findings, selector=rule.selector, media=media
                    )


def _note(
    case: str, position: int, mail: ExaminedMail, findings: FindingList, **words: object
) -> None:
    """A finding at the place of the template that the position in the MJML is from."""
    place = place_before(mail.markup, position)
    template, line = place or (None, None)
    findings.add_in_template("lost-in-compilation", case, template, line, **words)


@lru_cache(maxsize=128)
def _squeezed(css: str) -> str:
    return "".join(css.split())
