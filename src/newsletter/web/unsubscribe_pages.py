"""Unsubscribing, with or without a page."""

from __future__ import annotations

from http import HTTPStatus
from typing import TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from newsletter.domain.departures import Leaver, LeavingNews, Noted, Unseen
from newsletter.domain.readers import Forgotten
from newsletter.domain.requests import LeavingReason
from newsletter.web.any_body import with_any_body
from newsletter.web.asked import language_asked, token_asked
from newsletter.web.desks.leaving import LeavingDesk
from newsletter.web.forms import READ_AND_ACT, Form, with_form
from newsletter.web.headers import PAGE_HEADERS
from newsletter.web.page_writer import PageWriter
from newsletter.web.site_pages import SitePages

_Answer: TypeAlias = Leaver | Forgotten | Unseen | Noted | None

_EVERYTHING = "everything"
_REASONS = {one.value: one for one in LeavingReason}


class UnsubscribePages:
    """Answers with what the desk says; only a POST has it change anything (T5)."""

    def __init__(self, desk: LeavingDesk, site: SitePages, writer: PageWriter) -> None:
        self._desk = desk
        self._site = site
        self._writer = writer
        self._left: dict[str, bytes] = {}

    def routes(self) -> list[Route]:
        """The addresses."""
        return [
            Route("/u/{token}", with_any_body(self.one_click), methods=READ_AND_ACT),
            Route(
                "/{language}/unsubscribe/{token}",
                with_form(self.unsubscribe),
                methods=READ_AND_ACT,
            ),
        ]

    def one_click(self, request: Request) -> Response:
        """The address in List-Unsubscribe: any POST acts, whatever its body, and is answered
        without a redirect (T6, RFC 8058 section 3.1); a GET shows the page with the button."""
        token = token_asked(request)
        if request.method != "POST":
            return self._page(token, None, self._desk.leaver(token))
        answer = self._desk.leave(token, one_click=True)
        if isinstance(answer, Leaver) and answer.topic_names:
            return self._left_by_one_click(self._language_of(answer))
        return self._page(token, None, answer)

    def unsubscribe(self, request: Request, form: Form) -> Response:
        """The page with one button, and what the buttons of all pages of leaving do."""
        token, language = token_asked(request), language_asked(request, self._site)
        if request.method != "POST":
            return self._page(token, language, self._desk.leaver(token))
        everything = _EVERYTHING in form
        return self._page(token, language, self._acted(token, form), everything=everything)

    def _acted(self, token: str, form: Form) -> _Answer:
        if "undo" in form:
            return self._desk.undo(token, everything=_EVERYTHING in form["undo"])
        if "reason" in form:
            return self._desk.give_reason(token, _REASONS.get(form["reason"][0]))
        if _EVERYTHING in form:
            return self._desk.leave_all(token)
        # Any other body at all is the wish to leave: a mail program may post to this page what it
        # would post to the one-click address (T6).
        return self._desk.leave(token, one_click=False)

    def _page(
        self, token: str, language: str | None, answer: _Answer, *, everything: bool = False
    ) -> Response:
        """The page of the answer; without a language in the address the reader's own counts.

        Raises HTTPException 404 when the desk knows no such token.
        """
        if answer is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        if isinstance(answer, Noted):
            return self._noted(token, language)
        spoken = language or self._language_of(answer)
        return self._writer.page(
            f"{_template(answer, everything=everything)}.html.j2",
            spoken,
            lambda tag: f"/{tag}/unsubscribe/{token}",
            form_address=f"/{spoken}/unsubscribe/{token}",
            reader=answer,
            reasons=list(LeavingReason),
        )

    def _left_by_one_click(self, language: str) -> Response:
        """What a mail program gets, which shows it to nobody: short, the same to all who read the
        language, and made once, since thousands may press the button while an edition goes out."""
        if language not in self._left:
            page = self._writer.notice(
                "left_by_one_click",
                (language,),
                HTTPStatus.OK,
                address=lambda tag: f"/{tag}/",  # there is no page in a language at this address
            )
            self._left[language] = bytes(page.body)
        return HTMLResponse(self._left[language], headers=dict(PAGE_HEADERS))

    def _noted(self, token: str, language: str | None) -> Response:
        return self._writer.notice(
            "noted",
            (language,) if language else self._site.languages,
            HTTPStatus.OK,
            address=(lambda tag: f"/{tag}/unsubscribe/{token}") if language else None,
        )

    def _language_of(self, answer: Leaver | Forgotten | Unseen) -> str:
        languages = self._site.languages
        if isinstance(answer, Leaver) and answer.language in languages:
            return answer.language
        return languages[0]


def _template(answer: Leaver | Forgotten | Unseen, *, everything: bool) -> str:
    if isinstance(answer, Leaver):
        return _template_of(answer, everything=everything)
    return "forgotten" if isinstance(answer, Forgotten) else "unsubscribe_unseen"


def _template_of(leaver: Leaver, *, everything: bool) -> str:
    if leaver.news is LeavingNews.UNDONE:
        return "back_again"
    if everything:
        return "left_all"
    # A token may name no topic that still is one: then there is only everything to leave.
    return "unsubscribe" if leaver.is_subscribed else "left"
