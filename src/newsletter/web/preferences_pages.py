"""The reader's preferences: topics, language and form, pauses, why they get what they get, and the
way out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from newsletter.domain import people
from newsletter.domain.departures import Noted
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
from newsletter.web.client_address import ClientAddresses
from newsletter.web.desks.preferences import PreferencesDesk
from newsletter.web.forms import READ_AND_ACT, Form, with_form
from newsletter.web.headers import PAGE_HEADERS
from newsletter.web.own_addresses import own_address
from newsletter.web.page_writer import PageWriter
from newsletter.web.site_pages import SitePages
from newsletter.web.wording import Wording

_There: TypeAlias = Reader | Forgotten | Voided
"""Whoever is there, by a token that was once given out."""

_FORMATS: Mapping[str | None, MailFormat | None] = {
    None: None,  # a form that does not ask for it
    **{one.value: one for one in MailFormat},
}
_MONTHS = {str(one): one for one in PAUSE_MONTHS}
_VOIDED = "links=voided"
"""How the address ends of the page that says so, after everything before it is void."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked for, in which language, with which token, from where."""

    language: str
    token: str
    form: Form
    ip: str | None

    def last(self, field: str) -> str | None:
        """The value of the field that was sent last, None without any."""
        return self.form.get(field, (None,))[-1]


class PreferencesPages:
    """Answers with what the desk says; only a POST has it change anything (T5)."""

    def __init__(self, desk: PreferencesDesk, site: SitePages, writer: PageWriter) -> None:
        self._desk = desk
        self._site = site
        self._writer = writer
        self._clients = ClientAddresses(site.trusted_proxies)
        self._wordings = {one: Wording(one, site.timezone) for one in site.languages}
        # A form says which it is by the name of its button; without one it is that of the choices.
        self._acts: Mapping[str, Callable[[_Asked], Response]] = {
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
        asked = _Asked(language, token, form, self._clients.of(request))
        if request.method == "POST":
            act = next((act for name, act in self._acts.items() if name in form), self._save)
            return act(asked)
        news = "voided" if request.url.query == _VOIDED else None
        return self._page(asked, self._desk.reader(token), news=news)

    def _save(self, asked: _Asked) -> Response:
        choices = self._choices(asked)
        answer = self._desk.save(asked.token, choices)
        return self._page(asked, answer, news="saved", wanted=choices.topics)

    def _choices(self, asked: _Asked) -> Choices:
        """What was chosen; raises HTTPException 400 for a form that is not ours."""
        language, mail_format = asked.last("language"), asked.last("format")
        # Without this, an empty body would mean "no topics".
        if language not in self._site.languages or mail_format not in _FORMATS:
            raise HTTPException(HTTPStatus.BAD_REQUEST)
        wording = self._wordings[asked.language]
        return Choices(
            topics=frozenset(asked.form.get("topic", ())),
            language=language,
            format=_FORMATS[mail_format],
            wording=people.Wording(wording.say("topics_legend").striptags(), wording.language),
            ip=asked.ip,
        )

    def _pause(self, asked: _Asked) -> Response:
        months = _MONTHS.get(asked.last("months") or "")
        if months is None:
            faults = {"months": "pause_missing"}
            return self._page(asked, self._desk.reader(asked.token), faults=faults)
        answer = self._desk.pause(asked.token, months=months)
        is_paused = isinstance(answer, Reader) and answer.paused
        return self._page(asked, answer, news="paused" if is_paused else "not_paused")

    def _resume(self, asked: _Asked) -> Response:
        return self._page(asked, self._desk.resume(asked.token), news="resumed")

    def _leave_all(self, asked: _Asked) -> Response:
        answer = self._desk.leave_all(asked.token)
        if isinstance(answer, Noted):
            address = partial(_address, token=asked.token)
            return self._writer.notice("noted", (asked.language,), HTTPStatus.OK, address=address)
        return self._written("left_from_preferences", asked, _there(answer))

    def _void_links(self, asked: _Asked) -> Response:
        answer = self._desk.void_links(asked.token)
        if not isinstance(answer, FreshLink):
            return self._page(asked, answer)
        # The page must be at the new address, or going back to it would find nothing.
        address = f"{_address(asked.language, answer.token)}?{_VOIDED}"
        return RedirectResponse(address, HTTPStatus.SEE_OTHER, headers=dict(PAGE_HEADERS))

    def _page(
        self,
        asked: _Asked,
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
        there = _there(answer)
        topics = there.topics if isinstance(there, Reader) else ()
        page = self._written(
            "preferences",
            asked,
            there,
            news=news,
            refused=[one for one in topics if one.slug in wanted and not one.subscribed],
            faults=faults or {},
            formats=list(MailFormat),
            months=PAUSE_MONTHS,
        )
        if faults and isinstance(there, Reader):
            page.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return page

    def _written(self, template: str, asked: _Asked, there: _There, **facts: object) -> Response:
        """The page of that template; for whoever is no reader there is one page only."""
        if isinstance(there, Forgotten):
            template = "forgotten"
        elif isinstance(there, Voided):
            template = "voided"
        page = self._writer.page(
            f"{template}.html.j2",
            asked.language,
            lambda tag: _address(tag, asked.token),
            form_address=_address(asked.language, asked.token),
            reader=there,
            my_link=own_address(asked.language, "my-link"),
            **facts,
        )
        if isinstance(there, Voided):
            page.status_code = HTTPStatus.GONE
        return page


def _address(language: str, token: str) -> str:
    return f"/{language}/preferences/{token}"


def _there(answer: Opened) -> _There:
    """Whoever is there; raises HTTPException 404 when the token was never given out (T7)."""
    if answer is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return answer
