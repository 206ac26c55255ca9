"""What the house says of itself: privacy, accessibility."""

from __future__ import annotations

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.domain.statements import StatementKind
from newsletter.i18n.language_facts import direction
from newsletter.web.asked import language_asked
from newsletter.web.desks.statements import StatementsDesk
from newsletter.web.page_writer import PageWriter
from newsletter.web.site_pages import SitePages


class StatementPages:
    """Shows the statements, in another language where there is none in the reader's."""

    def __init__(self, desk: StatementsDesk, site: SitePages, writer: PageWriter) -> None:
        self._desk = desk
        self._site = site
        self._writer = writer

    def routes(self) -> list[Route]:
        """The addresses."""
        return [
            Route("/{language}/privacy", self.privacy),
            Route("/{language}/accessibility", self.accessibility),
        ]

    def privacy(self, request: Request) -> Response:
        """What the house knows of people, and what it does with it."""
        return self._page(StatementKind.PRIVACY, request)

    def accessibility(self, request: Request) -> Response:
        """How the pages work for everybody (PSBAR 2018, L9)."""
        return self._page(StatementKind.ACCESSIBILITY, request)

    def _page(self, kind: StatementKind, request: Request) -> Response:
        language = language_asked(request, self._site)
        statement = self._desk.statement(kind, language)
        return self._writer.page(
            "statement.html.j2",
            language,
            lambda tag: f"/{tag}/{kind}",
            kind=kind,
            statement=statement,
            # Safe: the desk promises it.
            html=Markup(statement.html),  # noqa: S704
            language_asked=language,
            direction=direction(statement.language),
        )
