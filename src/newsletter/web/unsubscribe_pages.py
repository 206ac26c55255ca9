"""Unsubscribing, with or without a page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.domain.readers import Reader, ReaderTopic
from newsletter.tokens.tokens import Purpose
from newsletter.web.asked import language_asked, token_asked
from newsletter.web.desks.leaving import LeavingDesk
from newsletter.web.forms import READ_AND_ACT, Form, with_form
from newsletter.web.page_writer import PageWriter
from newsletter.web.reader_page import Answer, Asked, ReaderPage
from newsletter.web.site_pages import SitePages


class UnsubscribePages:
    """Answers with what the desk says; only a POST has it change anything (T5)."""

    def __init__(self, desk: LeavingDesk, site: SitePages, writer: PageWriter) -> None:
        self._desk = desk
        self._site = site
        self._reader_page = ReaderPage(site, writer)

    def routes(self) -> list[Route]:
        """The addresses."""
        return [
            Route("/u/{token}", with_form(self.one_click), methods=READ_AND_ACT),
            Route(
                "/{language}/unsubscribe/{token}",
                with_form(self.unsubscribe),
                methods=READ_AND_ACT,
            ),
        ]

    def unsubscribe(self, request: Request, form: Form) -> Response:
        """The page with one button, and what the button does."""
        asked = Asked(
            Purpose.UNSUBSCRIBE, token_asked(request), language_asked(request, self._site)
        )
        if request.method != "POST":
            return self._unsubscribe_page(asked, self._desk.reader(asked.token))
        if "everything" in form:
            return self._reader_page.page(
                "left_everything", asked, self._desk.leave_all(asked.token)
            )
        # Any other body at all is the wish to leave: a mail program may post to this page what it
        # would post to the one-click address (T6).
        return self._left(asked, self._desk.leave(asked.token, one_click=False))

    def one_click(self, request: Request, _form: Form) -> Response:
        """The address in List-Unsubscribe: any POST acts, whatever its body, and is answered
        without a redirect (T6, RFC 8058 section 3.1); a GET shows the page with the button."""
        asked = Asked(Purpose.UNSUBSCRIBE, token_asked(request), None)
        if request.method == "POST":
            return self._left(asked, self._desk.leave(asked.token, one_click=True))
        return self._unsubscribe_page(asked, self._desk.reader(asked.token))

    def _unsubscribe_page(self, asked: Asked, answer: Answer) -> Response:
        topic = _own_topic(answer)
        if topic is None or not topic.subscribed:
            return self._left(asked, answer)
        return self._reader_page.page("unsubscribe", asked, answer, topic=topic)

    def _left(self, asked: Asked, answer: Answer) -> Response:
        # A token may name no topic that still is one: then there is only everything to leave.
        return self._reader_page.page("left", asked, answer, topic=_own_topic(answer))


def _own_topic(answer: Answer) -> ReaderTopic | None:
    if not isinstance(answer, Reader):
        return None
    return next((one for one in answer.topics if one.slug == answer.topic), None)
