"""Changing one's address, seeing one's data and being erased: asked for here, and done by a link
that is mailed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.domain.account import AccountForm, AccountWish
from newsletter.domain.admission import Verdict
from newsletter.domain.readers import Forgotten, Voided
from newsletter.tokens.tokens import Purpose
from newsletter.web.asked import found, language_asked, token_asked, twin_paths
from newsletter.web.client_address import ClientAddresses
from newsletter.web.desks.account import AccountDesk
from newsletter.web.forms import READ_AND_ACT, Form, with_form
from newsletter.web.own_addresses import own_address
from newsletter.web.page_writer import PageWriter
from newsletter.web.site_pages import SitePages
from newsletter.web.typed_address import LONGEST, address_faults


class AccountPages:
    """Answers with what the desk says; only a POST has it write anything down (T5).

    The forms also stand on the page of the preferences, by `account_requests.html.j2`; here each
    has a page of its own, which is what is shown again when something is wrong.
    """

    def __init__(self, desk: AccountDesk, site: SitePages, writer: PageWriter) -> None:
        self._desk = desk
        self._site = site
        self._writer = writer
        self._clients = ClientAddresses(site.trusted_proxies)

    def routes(self) -> list[Route]:
        """The addresses."""
        return [
            Route(
                f"/{{language}}/{Purpose.PREFERENCES}/{{token}}/{wish}",
                with_form(self._page_of(wish)),
                methods=READ_AND_ACT,
            )
            for wish in AccountWish
        ]

    def account(self, wish: AccountWish, request: Request, form: Form) -> Response:
        """The page with the form of one wish, and what its button does."""
        address = self._desk.masked_address(token_asked(request))
        if address is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        if isinstance(address, Forgotten):
            return self._page(request, "forgotten")
        if isinstance(address, Voided):
            return self._page(request, "voided", HTTPStatus.GONE)
        if request.method != "POST":
            return self._form(request, wish, address)
        if wish is not AccountWish.ADDRESS:
            return self._taken(request, wish, address, "")
        typed = form.get("address", ("",))[0].strip()
        faults = address_faults(typed, missing="new_address_missing")
        if faults:
            return self._form(request, wish, address, typed=typed, faults=faults)
        return self._taken(request, wish, address, typed)

    def _page_of(self, wish: AccountWish) -> Callable[[Request, Form], Response]:
        return partial(self.account, wish)

    def _form(
        self,
        request: Request,
        wish: AccountWish,
        address: str,
        *,
        typed: str = "",
        faults: Mapping[str, str] | None = None,
    ) -> Response:
        template = f"account_{wish.replace('-', '_')}"
        status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
        return self._page(
            request,
            template,
            status,
            masked_address=address,
            typed=typed[:LONGEST],
            faults=faults or {},
        )

    def _taken(
        self, request: Request, wish: AccountWish, address: str, new_address: str
    ) -> Response:
        language = language_asked(request, self._site)
        sent = AccountForm(wish, language, self._clients.of(request), new_address)
        if found(self._desk.ask(token_asked(request), sent)) is Verdict.CROWDED:
            return self._page(request, "account_often", HTTPStatus.TOO_MANY_REQUESTS)
        return self._page(request, "account_asked", masked_address=address, new_address=new_address)

    def _page(
        self, request: Request, template: str, status: int = HTTPStatus.OK, **facts: object
    ) -> Response:
        language, addresses = language_asked(request, self._site), twin_paths(request)
        page = self._writer.page(
            f"{template}.html.j2",
            language,
            addresses,
            form_address=addresses(language),
            preferences=addresses(language).rpartition("/")[0],
            my_link=own_address(language, "my-link"),
            **facts,
        )
        page.status_code = status
        return page
