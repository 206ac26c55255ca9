"""From a template and facts to a finished page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from newsletter.i18n.language_facts import own_name
from newsletter.web.headers import PAGE_HEADERS
from newsletter.web.house import house_in
from newsletter.web.icon import icon
from newsletter.web.site_pages import SitePages
from newsletter.web.stylesheet import stylesheet


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """A language's tag, its own name for itself, and the address of the same page in it."""

    tag: str
    name: str
    address: str
    is_here: bool


_WITH_WAYS_IN = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


class PageWriter:
    """Writes every page of the site."""

    def __init__(self, site: SitePages) -> None:
        self._houses = {one: house_in(site, one) for one in site.languages}
        self._own_names = {one: own_name(one) for one in site.languages}
        self.stylesheet = stylesheet(site.look)
        self._stylesheet_address = _lasting_address("site.css", self.stylesheet)
        self._icon_address = _lasting_address("icon.svg", icon(site.look))

    def page(
        self, template: str, language: str, address: Callable[[str], str], **facts: object
    ) -> Response:
        """A page that is found; `address` gives the address of this page in each language."""
        facts |= {"own_names": self._own_names}
        return self._written(template, [language], address, facts)

    def in_several(
        self, template: str, languages: Sequence[str], address: Callable[[str], str]
    ) -> Response:
        """A page that is found and speaks several languages, at an address that names none."""
        return self._written(template, languages, address, {})

    def notice(
        self,
        notice: str,
        languages: Sequence[str],
        status: int,
        *,
        address: Callable[[str], str] | None = None,
        again: str | None = None,
    ) -> Response:
        """A page that says why something was not done, in one language or in several at once.

        `again` is an address to try again at; `address` is as for `page`.
        """
        facts = {
            "notice": notice,
            "again": again,
            # Of the link or the address, not of what was done with it: there are other ways in.
            "has_ways_in": status in _WITH_WAYS_IN,
        }
        response = self._written("notice.html.j2", languages, address, facts)
        response.status_code = status
        return response

    def _written(
        self,
        template: str,
        languages: Sequence[str],
        address: Callable[[str], str] | None,
        facts: Mapping[str, object],
    ) -> Response:
        # Two languages without words of ours would say the same in English twice.
        houses = {self._houses[one].wording.language: self._houses[one] for one in languages}
        wording = self._houses[languages[0]].wording
        html = (
            templates()
            .get_template(template)
            .render(
                stylesheet=self._stylesheet_address,
                icon=self._icon_address,
                wording=wording,
                say=wording.say,
                houses=list(houses.values()),
                site_names=_said_once((self._houses[one].name, one) for one in languages),
                site_titles=_said_once((self._houses[one].title, one) for one in languages),
                twins=self._twins(languages, address) if address else [],
                **facts,
            )
        )
        return HTMLResponse(html, headers=dict(PAGE_HEADERS))

    def _twins(self, languages: Sequence[str], address: Callable[[str], str]) -> list[LanguageLink]:
        if len(self._own_names) == 1:
            return []
        return [
            LanguageLink(tag, name, address(tag), is_here=[tag] == list(languages))
            for tag, name in self._own_names.items()
        ]


def _said_once(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Names and the languages that they are in; one that two languages share is said once."""
    said: dict[str, str] = {}
    for name, language in names:
        said.setdefault(name, language)
    return said


def _lasting_address(name: str, content: bytes) -> str:
    """It changes with the content, so that a browser may keep that for good."""
    return f"/static/{name}?{hashlib.sha256(content).hexdigest()[:12]}"


@cache
def templates() -> Environment:
    """What every page is written from."""
    return Environment(
        loader=PackageLoader("newsletter.web", "pages"),
        # Else each page asks the disk whether its templates have changed: a fifth of its time.
        auto_reload=False,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
