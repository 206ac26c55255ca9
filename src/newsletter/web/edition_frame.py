"""The bar of ours above an edition in the browser: the ways to where it lies, and to its twins."""

from __future__ import annotations

import re
from collections.abc import Callable

from newsletter.domain.archive import ArchivePlace, EditionPage, shelf_path
from newsletter.i18n.language_facts import own_name
from newsletter.web.alternates import Alternates
from newsletter.web.page_writer import LanguageLink, templates
from newsletter.web.site_pages import SitePages
from newsletter.web.wording import Wording

_HEAD_ENDS = re.compile("</head>")
_BODY = re.compile(r"(<body\b[^>]*>)(.*)(</body>)", re.DOTALL)


class EditionFrame:
    """Puts the bar, which has no heading, before a mail's own document.

    Its styles stand in it, for an edition is shown under a policy that loads no stylesheet (X4).
    """

    def __init__(self, site: SitePages) -> None:
        self._site = site
        self._wordings = {one: Wording(one, site.timezone) for one in site.languages}

    def archived(
        self, page: EditionPage, place: ArchivePlace, language: str, to: Alternates
    ) -> str:
        """The edition at its place in the archive, with its address for search engines."""
        head = templates().get_template("archive_head.html.j2").render(alternates=to, feed=None)
        framed = self._with_bar(page, place, language, place.path)
        return _HEAD_ENDS.sub(lambda end: head + end[0], framed, count=1)

    def viewed(self, page: EditionPage, language: str, address: Callable[[str], str]) -> str:
        """The edition at the address that mail has of it; as it is when it is not in the
        archive."""
        if page.place is None:
            return page.content
        return self._with_bar(page, page.place, language, address)

    def _with_bar(
        self,
        page: EditionPage,
        place: ArchivePlace,
        language: str,
        address: Callable[[str], str],
    ) -> str:
        wording = self._wordings[language]
        bar = (
            templates()
            .get_template("edition_bar.html.j2")
            .render(
                wording=wording,
                say=wording.say,
                colours=self._site.look.colours,
                shelf=shelf_path(language, place.topic),
                topic=wording.name(place.names),
                twins=self._twins(page, language, address),
                text=f"{place.path(language)}.txt",
            )
        )
        return _BODY.sub(
            lambda body: f"{body[1]}{bar}<main>{body[2]}</main>{body[3]}", page.content, count=1
        )

    def _twins(
        self, page: EditionPage, language: str, address: Callable[[str], str]
    ) -> list[LanguageLink]:
        others = (one for one in page.languages if one in self._wordings and one != language)
        return [LanguageLink(tag, own_name(tag), address(tag), is_here=False) for tag in others]
