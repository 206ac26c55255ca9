"""Confirming what was asked for, and having all mail stopped, by the links in a notice."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.domain.confirming import Confirmation, Download, Stage
from newsletter.tokens.tokens import Purpose
from newsletter.web.asked import found, language_asked, token_asked, twin_paths
from newsletter.web.client_address import ClientAddresses
from newsletter.web.desks.confirming import ConfirmingDesk
from newsletter.web.forms import READ_AND_ACT, Form, with_form
from newsletter.web.headers import PAGE_HEADERS
from newsletter.web.page_writer import PageWriter
from newsletter.web.site_pages import SitePages


class ConfirmPages:
    """Answers with what the desk says; only a POST has it change anything (T5, T12).

    The pages of each kind of request have templates of their own, `confirm_<kind>` while its button
    may be pressed and `confirmed_<kind>` afterwards.
    """

    def __init__(self, desk: ConfirmingDesk, site: SitePages, writer: PageWriter) -> None:
        self._desk = desk
        self._site = site
        self._writer = writer
        self._clients = ClientAddresses(site.trusted_proxies)

    def routes(self) -> list[Route]:
        """The addresses."""
        page = f"/{{language}}/{Purpose.CONFIRM}/{{token}}"
        return [
            Route(page, with_form(self.confirm), methods=READ_AND_ACT),
            Route(f"{page}/block", with_form(self.block), methods=READ_AND_ACT),
        ]

    def confirm(self, request: Request, form: Form) -> Response:
        """The page with one button, and what the button does."""
        language, token = language_asked(request, self._site), token_asked(request)
        if request.method == "POST":
            choice = form.get("choice", ("",))[-1]
            answer = found(self._desk.confirm(token, ip=self._clients.of(request), choice=choice))
        else:
            answer = found(self._desk.look(token))
        if answer.download is not None:
            return _file(answer.download)
        return self._page(request, language, _template(answer), answer)

    def block(self, request: Request, _form: Form) -> Response:
        """The page that stops all mail to the address, and what its button does."""
        language, token = language_asked(request, self._site), token_asked(request)
        asked = self._desk.block if request.method == "POST" else self._desk.look_before_blocking
        answer = found(asked(token))
        is_open = answer.stage is Stage.OPEN
        template = "confirm_block" if is_open else _template(answer)
        return self._page(request, language, template, answer)

    def _page(
        self, request: Request, language: str, template: str, answer: Confirmation
    ) -> Response:
        addresses = twin_paths(request)
        return self._writer.page(
            f"{template}.html.j2",
            language,
            addresses,
            form_address=addresses(language),
            confirmation=answer,
            **answer.facts,
        )


def _template(answer: Confirmation) -> str:
    """The page of that stage; raises HTTPException 410 for what is over."""
    if answer.stage is Stage.OVER or answer.kind is None:
        raise HTTPException(HTTPStatus.GONE)
    if answer.stage is Stage.STOPPED:
        return "confirm_stopped"
    kind = answer.kind.replace("-", "_")
    return f"confirm_{kind}" if answer.stage is Stage.OPEN else f"confirmed_{kind}"


def _file(download: Download) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{download.name}"'}
    return Response(
        download.content, media_type=download.media_type, headers=PAGE_HEADERS | disposition
    )
