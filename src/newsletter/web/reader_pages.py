"""The pages of one reader: unsubscribing, with or without a page, and preferences."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter.domain.readers import Forgotten, Reader, ReaderTopic
from newsletter.tokens.tokens import Purpose
from newsletter.web.asked import language_asked, token_asked
from newsletter.web.desk import ReaderDesk
from newsletter.web.forms import Form
from newsletter.web.page_writer import PageWriter
from newsletter.web.site_pages import SitePages

_Answer: TypeAlias = Reader | Forgotten | None
"""What the desk says of a token; None is a 404 wherever a page is written (T7)."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked for: `language` is None where the address has none and the reader's own
    counts."""

    purpose: Purpose
    token: str
    language: str | None


class ReaderPages:
    """Answers with what the desk says; only a POST has it change anything (T5)."""

    def __init__(self, desk: ReaderDesk, site: SitePages, writer: PageWriter) -> None:
        self._desk = desk
        self._site = site
        self._writer = writer

    def unsubscribe(self, request: Request, form: Form) -> Response:
        """The page with one button, and what the button does."""
        asked = _Asked(
            Purpose.UNSUBSCRIBE, token_asked(request), language_asked(request, self._site)
        )
        if request.method != "POST":
            return self._unsubscribe_page(asked, self._desk.reader(asked.purpose, asked.token))
        if "everything" in form:
            return self._leave_everything(asked)
        # Any other body at all is the wish to leave: a mail program may post to this page what it
        # would post to the one-click address (T6).
        return self._left(asked, self._desk.leave(asked.token, one_click=False))

    def one_click(self, request: Request, _form: Form) -> Response:
        """The address in List-Unsubscribe: any POST acts, whatever its body, and is answered
        without a redirect (T6, RFC 8058 section 3.1); a GET shows the page with the button."""
        asked = _Asked(Purpose.UNSUBSCRIBE, token_asked(request), None)
        if request.method == "POST":
            return self._left(asked, self._desk.leave(asked.token, one_click=True))
        return self._unsubscribe_page(asked, self._desk.reader(asked.purpose, asked.token))

    def preferences(self, request: Request, form: Form) -> Response:
        """The reader's topics and language, why they get what they get, and the way out."""
        asked = _Asked(
            Purpose.PREFERENCES, token_asked(request), language_asked(request, self._site)
        )
        if request.method != "POST":
            return self._preferences_page(asked, self._desk.reader(asked.purpose, asked.token))
        if "everything" in form:
            return self._leave_everything(asked)
        return self._save(asked, form)

    def _save(self, asked: _Asked, form: Form) -> Response:
        wanted = form.get("language", ("",))[-1]
        # A form without a language is not ours. Without this, an empty body would mean "no topics".
        if wanted not in self._site.languages:
            raise HTTPException(400)
        topics = frozenset(form.get("topic", ()))
        answer = self._desk.save(asked.token, topics=topics, language=wanted)
        return self._preferences_page(asked, answer, wanted=topics)

    def _leave_everything(self, asked: _Asked) -> Response:
        answer = self._desk.leave_all(asked.purpose, asked.token)
        return self._page("left_everything", asked, answer)

    def _unsubscribe_page(self, asked: _Asked, answer: _Answer) -> Response:
        topic = _own_topic(answer)
        if topic is None or not topic.subscribed:
            return self._left(asked, answer)
        return self._page("unsubscribe", asked, answer, topic=topic)

    def _left(self, asked: _Asked, answer: _Answer) -> Response:
        # A token may name no topic that still is one: then there is only everything to leave.
        return self._page("left", asked, answer, topic=_own_topic(answer))

    def _preferences_page(
        self, asked: _Asked, answer: _Answer, *, wanted: Collection[str] | None = None
    ) -> Response:
        """`wanted` are the topics that a form asked for; None before there was one."""
        topics = answer.topics if isinstance(answer, Reader) else ()
        refused = [one for one in topics if one.slug in (wanted or ()) and not one.subscribed]
        is_saved = wanted is not None
        return self._page("preferences", asked, answer, is_saved=is_saved, refused=refused)

    def _page(self, template: str, asked: _Asked, answer: _Answer, **facts: object) -> Response:
        """The page for the reader; for one who is forgotten there is one page only."""
        if answer is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        language = asked.language or self._language_of(answer)
        return self._writer.page(
            "forgotten.html.j2" if isinstance(answer, Forgotten) else f"{template}.html.j2",
            language,
            lambda tag: f"/{tag}/{asked.purpose}/{asked.token}",
            form_address=f"/{language}/{asked.purpose}/{asked.token}",
            reader=answer,
            **facts,
        )

    def _language_of(self, reader: Reader | Forgotten) -> str:
        languages = self._site.languages
        if isinstance(reader, Reader) and reader.language in languages:
            return reader.language
        return languages[0]


def _own_topic(answer: _Answer) -> ReaderTopic | None:
    if not isinstance(answer, Reader):
        return None
    return next((one for one in answer.topics if one.slug == answer.topic), None)
