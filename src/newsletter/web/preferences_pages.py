"""The reader's preferences: topics, language and form, pauses, why they get what they get, and the
way out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from http import HTTPStatus
from typing import TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from newsletter.domain.people import MailFormat
from newsletter.domain.readers import (
    PAUSE_MONTHS,
    Choices,
    Forgotten,
    FreshLink,
    Opened,
    Reader,
    Voided,
)
from newsletter.web.asked import language_asked, token_asked
from newsletter.web.desks.preferences import PreferencesDesk
from newsletter.web.forms import READ_AND_ACT, Form, with_form
from newsletter.web.headers import PAGE_HEADERS
from newsletter.web.own_addresses import own_address
from newsletter.web.page_writer import PageWriter
from newsletter.web.site_pages import SitePages

_Act: TypeAlias = Callable[[str, str, Form], Response]
"""What a form does, for a language, a token and what was sent."""

_FORMATS = {one.value: one for one in MailFormat}
_MONTHS = {str(one): one for one in PAUSE_MONTHS}
_VOIDED = "links=voided"
"""How the address ends of the page that says so, after everything before it is void."""


class PreferencesPages:
    """Answers with what the desk says; only a POST has it change anything (T5)."""

    def __init__(self, desk: PreferencesDesk, site: SitePages, writer: PageWriter) -> None:
        self._desk = desk
        self._site = site
        self._writer = writer
        # A form says which it is by the name of its button; without one it is that of the choices.
        self._acts: Mapping[str, _Act] = {
            "pause": self._pause,
            "resume": self._resume,
            "everything": self._leave_all,
            "void": self._void_links,
        }

    def routes(self) -> list[Route]:
        """The addresses."""
        page = with_form(self.preferences)
        return [Route("/{language}/preferences/{token}", page, methods=READ_AND_ACT)]

    def preferences(self, request: Request, form: Form) -> Response:
        """The page, and what its buttons do."""
        language, token = language_asked(request, self._site), token_asked(request)
        if request.method == "POST":
            act = next((act for name, act in self._acts.items() if name in form), self._save)
            return act(language, token, form)
        news = "voided" if request.url.query == _VOIDED else None
        return self._page(language, token, self._desk.reader(token), news=news)

    def _save(self, language: str, token: str, form: Form) -> Response:
        choices = self._choices(form)
        answer = self._desk.save(token, choices)
        return self._page(language, token, answer, news="saved", wanted=choices.topics)

    def _choices(self, form: Form) -> Choices:
        """What was chosen; raises HTTPException 400 for a form that is not ours."""
        language, mail_format = form.get("language", ("",))[-1], form.get("format", (None,))[-1]
        # Without this, an empty body would mean "no topics".
        if language not in self._site.languages or mail_format not in (None, *_FORMATS):
            raise HTTPException(HTTPStatus.BAD_REQUEST)
        wanted = None if mail_format is None else _FORMATS[mail_format]
        return Choices(frozenset(form.get("topic", ())), language, wanted)

    def _pause(self, language: str, token: str, form: Form) -> Response:
        months = _MONTHS.get(form.get("months", ("",))[-1])
        if months is None:
            return self._page(
                language, token, self._desk.reader(token), faults={"months": "pause_missing"}
            )
        answer = self._desk.pause(token, months=months)
        is_paused = isinstance(answer, Reader) and answer.paused
        return self._page(language, token, answer, news="paused" if is_paused else "not_paused")

    def _resume(self, language: str, token: str, _form: Form) -> Response:
        return self._page(language, token, self._desk.resume(token), news="resumed")

    def _leave_all(self, language: str, token: str, _form: Form) -> Response:
        answer = self._desk.leave_all(token)
        return self._written("left_from_preferences", language, token, _there(answer))

    def _void_links(self, language: str, token: str, _form: Form) -> Response:
        answer = self._desk.void_links(token)
        if not isinstance(answer, FreshLink):
            return self._page(language, token, answer)
        # The page must be at the new address, or going back to it would find nothing.
        address = f"{_address(language, answer.token)}?{_VOIDED}"
        return RedirectResponse(address, HTTPStatus.SEE_OTHER, headers=dict(PAGE_HEADERS))

    def _page(
        self,
        language: str,
        token: str,
        answer: Opened,
        *,
        news: str | None = None,
        wanted: Collection[str] = (),
        faults: Mapping[str, str] | None = None,
    ) -> Response:
        """The page for whoever is there.

        `news` is what has just been done; `wanted` are the topics that a form asked for; `faults`
        is what is wrong with a form, the key of the words by the field.
        """
        reader = _there(answer)
        topics = reader.topics if isinstance(reader, Reader) else ()
        page = self._written(
            "preferences",
            language,
            token,
            reader,
            news=news,
            refused=[one for one in topics if one.slug in wanted and not one.subscribed],
            faults=faults or {},
            formats=list(MailFormat),
            months=PAUSE_MONTHS,
        )
        if faults and isinstance(reader, Reader):
            page.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return page

    def _written(
        self,
        template: str,
        language: str,
        token: str,
        there: Reader | Forgotten | Voided,
        **facts: object,
    ) -> Response:
        """The page of that template; for whoever is no reader there is one page only."""
        if isinstance(there, Forgotten):
            template = "forgotten"
        elif isinstance(there, Voided):
            template = "voided"
        page = self._writer.page(
            f"{template}.html.j2",
            language,
            lambda tag: _address(tag, token),
            form_address=_address(language, token),
            reader=there,
            my_link=own_address(language, "my-link"),
            **facts,
        )
        if isinstance(there, Voided):
            page.status_code = HTTPStatus.GONE
        return page


def _address(language: str, token: str) -> str:
    return f"/{language}/preferences/{token}"


def _there(answer: Opened) -> Reader | Forgotten | Voided:
    """Whoever is there; raises HTTPException 404 when the token was never given out (T7)."""
    if answer is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return answer
