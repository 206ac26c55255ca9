"""From a template and facts to a finished page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from newsletter.i18n.language_facts import own_name
from newsletter.web.headers import PAGE_HEADERS
from newsletter.web.site_pages import SitePages
from newsletter.web.wording import Wording


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """A language's tag, its own name for itself, and the address of the same page in it."""

    tag: str
    name: str
    address: str


class PageWriter:
    """Writes every page of the site."""

    def __init__(self, site: SitePages) -> None:
        self._site = site
        self._wordings = {one: Wording(one, site.timezone) for one in site.languages}
        self._own_names = {one: own_name(one) for one in site.languages}
        self.stylesheet = _stylesheet(site.colours)
        # The address changes with the content, so that a browser may keep it for good.
        digest = hashlib.sha256(self.stylesheet).hexdigest()[:12]
        self._stylesheet_address = f"/static/site.css?{digest}"

    def page(
        self, template: str, language: str, address: Callable[[str], str], **facts: object
    ) -> Response:
        """A page that is found; `address` gives the address of this page in each language."""
        facts |= {"own_names": self._own_names}
        return self._written(template, [language], address, facts)

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
        # Two languages without words of ours would say the same in English twice.
        wordings = {self._wordings[one].language: self._wordings[one] for one in languages}
        facts = {"notice": notice, "wordings": list(wordings.values()), "again": again}
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
        wording = self._wordings[languages[0]]
        html = (
            _templates()
            .get_template(template)
            .render(
                stylesheet=self._stylesheet_address,
                wording=wording,
                say=wording.say,
                site_names=self._names_in(languages),
                twins=self._twins(languages[0], address) if address else [],
                **facts,
            )
        )
        return HTMLResponse(html, headers=dict(PAGE_HEADERS))

    def _names_in(self, languages: Sequence[str]) -> dict[str, str]:
        names: dict[str, str] = {}
        for one in languages:
            # A name that two languages share is said once.
            names.setdefault(self._site.name_in(one), one)
        return names

    def _twins(self, language: str, address: Callable[[str], str]) -> list[LanguageLink]:
        return [
            LanguageLink(tag, name, address(tag))
            for tag, name in self._own_names.items()
            if tag != language
        ]


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("newsletter.web", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _stylesheet(colours: Mapping[str, str]) -> bytes:
    # The brand's colours come first: what the file says of the dark scheme must stand over them.
    brand = "".join(
        f"--{name.replace('_', '-')}:{colour};" for name, colour in sorted(colours.items())
    )
    rules = files("newsletter.web").joinpath("pages", "site.css").read_text(encoding="utf-8")
    return f":root{{{brand}}}\n{rules}".encode()
