"""From a template and facts to a finished page in one language."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from newsletter.web.headers import PAGE_HEADERS
from newsletter.web.site_pages import SitePages
from newsletter.web.wording import Wording, language_name


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
        self._names = {one: language_name(one) for one in site.languages}
        self._templates = Environment(
            loader=PackageLoader("newsletter.web", "pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.stylesheet = _stylesheet(site.colours)
        # The address changes with the content, so that a browser may keep it for good.
        digest = hashlib.sha256(self.stylesheet).hexdigest()[:12]
        self._templates.globals["stylesheet"] = f"/static/site.css?{digest}"

    def page(
        self, template: str, language: str, address: Callable[[str], str], **facts: object
    ) -> Response:
        """A page that is found; `address` gives the address of this page in each language."""
        return self._written(template, [language], address, HTTPStatus.OK, facts)

    def notice(
        self,
        notice: str,
        languages: Sequence[str],
        status: HTTPStatus,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """A page that says why something was not done, in one language or in several.

        The same bytes whatever was asked for (T7), so its twins are not under the same address but
        under the language's own, which has no page but this one.
        """
        facts = {"notice": notice, "wordings": [self._wordings[one] for one in languages]}
        address = (lambda tag: f"/{tag}/") if len(languages) == 1 else None
        response = self._written("notice.html.j2", languages, address, status, facts)
        response.headers.update(headers or {})
        return response

    def _written(
        self,
        template: str,
        languages: Sequence[str],
        address: Callable[[str], str] | None,
        status: HTTPStatus,
        facts: Mapping[str, object],
    ) -> Response:
        wording = self._wordings[languages[0]]
        html = self._templates.get_template(template).render(
            wording=wording,
            say=wording.say,
            names=[(one, self._site.name_in(one)) for one in languages],
            twins=self._twins(languages[0], address) if address else [],
            language_names=self._names,
            **facts,
        )
        return HTMLResponse(html, status, headers=dict(PAGE_HEADERS))

    def _twins(self, language: str, address: Callable[[str], str]) -> list[LanguageLink]:
        return [
            LanguageLink(tag, name, address(tag))
            for tag, name in self._names.items()
            if tag != language
        ]


def _stylesheet(colours: Mapping[str, str]) -> bytes:
    # The brand's colours come first: what the file says of the dark scheme must stand over them.
    brand = "".join(f"--{name}:{colour};" for name, colour in sorted(colours.items()))
    rules = files("newsletter.web").joinpath("pages", "site.css").read_text(encoding="utf-8")
    return f":root{{{brand}}}\n{rules}".encode()
