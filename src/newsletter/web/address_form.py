"""A form into which anybody may type any address: what is wrong with what was typed, and an answer
that is the same for every address (T13)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from newsletter.domain.admission import Admission, SentForm, Verdict
from newsletter.web.asked import language_asked
from newsletter.web.client_address import ClientAddresses
from newsletter.web.error_pages import SECONDS_TO_WAIT
from newsletter.web.forms import READ_AND_ACT, Form, with_form
from newsletter.web.headers import PAGE_HEADERS
from newsletter.web.own_addresses import own_address
from newsletter.web.page_writer import PageWriter
from newsletter.web.site_pages import SitePages
from newsletter.web.typed_address import LONGEST, address_faults

_TRAP = "website"
"""The field that nobody sees; what fills in every field gives itself away."""

_ONCE_MORE = {Verdict.AGAIN: "press_again", Verdict.BUSY: "press_later"}
"""What is said of a form that is shown once more, filled in as it was."""


class AddressForm:
    """The form at `/{language}/{word}`, whose template is the word with `_` for each `-`; `nonce`
    gives it what it is to carry, from what it was sent with."""

    def __init__(
        self, word: str, nonce: Callable[[str], str], site: SitePages, writer: PageWriter
    ) -> None:
        self._word = word
        self._nonce = nonce
        self._site = site
        self._writer = writer
        self._clients = ClientAddresses(site.trusted_proxies)

    def routes(self, page: Callable[[Request, Form], Response]) -> list[Route]:
        """The address of the form, which `page` answers at, and that of what comes after it."""
        address = f"/{{language}}/{self._word}"
        return [
            Route(address, with_form(page), methods=READ_AND_ACT),
            Route(f"{address}/check-email", self._check_email),
        ]

    def faults(self, form: Form) -> dict[str, str]:
        """What is wrong with the address that was typed: the key of the words, by the field."""
        return address_faults(self.typed(form), missing="address_missing")

    def typed(self, form: Form) -> str:
        """The address that was typed, which may be none, or no address."""
        return _first(form, "address").strip()

    def sent(self, request: Request, form: Form) -> SentForm:
        """What tells about the form that was sent."""
        return SentForm(
            nonce=_first(form, "nonce"),
            ip=self._clients.of(request),
            is_trapped=bool(_first(form, _TRAP)),
        )

    def shown(
        self,
        language: str,
        form: Form,
        *,
        faults: Mapping[str, str] | None = None,
        verdict: Verdict | None = None,
        query: Mapping[str, object] | None = None,
        **facts: object,
    ) -> Response:
        """The form with what was typed into it: with `faults` a 422, with a `verdict` by which it
        is not over asking for the button to be pressed once more. `query` is what the addresses of
        its twins are asked with."""
        asked = f"?{urlencode(query, doseq=True)}" if query else ""
        page = self._writer.page(
            f"{self._word.replace('-', '_')}.html.j2",
            language,
            lambda tag: own_address(tag, self._word) + asked,
            form_address=own_address(language, self._word),
            typed=self.typed(form)[:LONGEST],
            nonce=self._nonce(_first(form, "nonce")),
            trap=_TRAP,
            faults=faults or {},
            once_more=_ONCE_MORE.get(verdict) if verdict else None,
            **facts,
        )
        if faults:
            page.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        if verdict is Verdict.BUSY:
            page.status_code = HTTPStatus.SERVICE_UNAVAILABLE
            page.headers["Retry-After"] = str(SECONDS_TO_WAIT)
        return page

    def answer(self, admission: Admission, language: str) -> Response | None:
        """What everybody gets whose form is over; None when it is to be shown once more.

        Raises HTTPException 429 when there were too many.
        """
        if admission.verdict in _ONCE_MORE:
            return None
        if admission.verdict is Verdict.CROWDED:
            wait = {"Retry-After": str(math.ceil(admission.wait))}
            raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, headers=wait)
        return RedirectResponse(
            f"{own_address(language, self._word)}/check-email",
            HTTPStatus.SEE_OTHER,
            headers=dict(PAGE_HEADERS),
        )

    def _check_email(self, request: Request) -> Response:
        """The same page for everybody, at an address of its own, so that nothing is sent twice."""
        language = language_asked(request, self._site)
        return self._writer.page(
            f"{self._word.replace('-', '_')}_check_email.html.j2",
            language,
            lambda tag: f"{own_address(tag, self._word)}/check-email",
            sign_up=own_address(language, "subscribe"),
        )


def _first(form: Form, field: str) -> str:
    return form.get(field, ("",))[0]
