"""The reader's preferences: topics and language, why they get what they get, and the way out."""

from __future__ import annotations

from collections.abc import Collection

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.domain.readers import Reader
from newsletter.tokens.tokens import Purpose
from newsletter.web.asked import language_asked, token_asked
from newsletter.web.desks.preferences import PreferencesDesk
from newsletter.web.forms import READ_AND_ACT, Form, with_form
from newsletter.web.page_writer import PageWriter
from newsletter.web.reader_page import Answer, Asked, ReaderPage
from newsletter.web.site_pages import SitePages


class PreferencesPages:
    """Answers with what the desk says; only a POST has it change anything (T5)."""

    def __init__(self, desk: PreferencesDesk, site: SitePages, writer: PageWriter) -> None:
        self._desk = desk
        self._site = site
        self._reader_page = ReaderPage(site, writer)

    def routes(self) -> list[Route]:
        """The addresses."""
        page = with_form(self.preferences)
        return [Route("/{language}/preferences/{token}", page, methods=READ_AND_ACT)]

    def preferences(self, request: Request, form: Form) -> Response:
        """The page, and what its buttons do."""
        asked = Asked(
            Purpose.PREFERENCES, token_asked(request), language_asked(request, self._site)
        )
        if request.method != "POST":
            return self._page(asked, self._desk.reader(asked.token))
        if "everything" in form:
            return self._reader_page.page(
                "left_everything", asked, self._desk.leave_all(asked.token)
            )
        return self._save(asked, form)

    def _save(self, asked: Asked, form: Form) -> Response:
        wanted = form.get("language", ("",))[-1]
        # A form without a language is not ours. Without this, an empty body would mean "no topics".
        if wanted not in self._site.languages:
            raise HTTPException(400)
        topics = frozenset(form.get("topic", ()))
        answer = self._desk.save(asked.token, topics=topics, language=wanted)
        return self._page(asked, answer, wanted=topics)

    def _page(
        self, asked: Asked, answer: Answer, *, wanted: Collection[str] | None = None
    ) -> Response:
        """`wanted` are the topics that a form asked for; None before there was one."""
        topics = answer.topics if isinstance(answer, Reader) else ()
        refused = [one for one in topics if one.slug in (wanted or ()) and not one.subscribed]
        is_saved = wanted is not None
        return self._reader_page.page(
            "preferences", asked, answer, is_saved=is_saved, refused=refused
        )
