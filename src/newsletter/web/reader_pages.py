"""The pages of one reader: unsubscribing, with or without a page, and preferences."""

from __future__ import annotations

from collections.abc import Collection

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter.domain.readers import Reader, ReaderTopic
from newsletter.tokens.tokens import Purpose
from newsletter.web.asked import found, language_asked, token_asked
from newsletter.web.desk import ReaderDesk
from newsletter.web.forms import Form
from newsletter.web.page_writer import PageWriter
from newsletter.web.site_pages import SitePages


class ReaderPages:
    """Answers with what the desk says; only a POST has it change anything (T5)."""

    def __init__(self, desk: ReaderDesk, site: SitePages, writer: PageWriter) -> None:
        self._desk = desk
        self._site = site
        self._writer = writer

    def unsubscribe(self, request: Request, form: Form) -> Response:
        """The page with one button, and what the button does."""
        language, token = language_asked(request, self._site), token_asked(request)
        if request.method != "POST":
            reader = found(self._desk.reader(Purpose.UNSUBSCRIBE, token))
            return self._unsubscribe_page(language, token, reader)
        if "everything" in form:
            return self._leave_everything(language, token, Purpose.UNSUBSCRIBE)
        # Any other body at all is the wish to leave: a mail program may post to this page what it
        # would post to the one-click address (T6).
        return self._left(language, token, found(self._desk.leave(token, one_click=False)))

    def one_click(self, request: Request, _form: Form) -> Response:
        """The address in List-Unsubscribe: any POST acts, whatever its body, and is answered
        without a redirect (T6, RFC 8058 section 3.1); a GET shows the page with the button."""
        token = token_asked(request)
        if request.method == "POST":
            reader = found(self._desk.leave(token, one_click=True))
            return self._left(self._language_of(reader), token, reader)
        reader = found(self._desk.reader(Purpose.UNSUBSCRIBE, token))
        return self._unsubscribe_page(self._language_of(reader), token, reader)

    def preferences(self, request: Request, form: Form) -> Response:
        """The reader's topics and language, why they get what they get, and the way out."""
        language, token = language_asked(request, self._site), token_asked(request)
        if request.method != "POST":
            reader = found(self._desk.reader(Purpose.PREFERENCES, token))
            return self._preferences_page(language, token, reader)
        if "everything" in form:
            return self._leave_everything(language, token, Purpose.PREFERENCES)
        return self._save(language, token, form)

    def _save(self, language: str, token: str, form: Form) -> Response:
        wanted = form.get("language", ("",))[-1]
        # A form without a language is not ours. Without this, an empty body would mean "no topics".
        if wanted not in self._site.languages:
            raise HTTPException(400)
        topics = frozenset(form.get("topic", ()))
        reader = found(self._desk.save(token, topics=topics, language=wanted))
        refused = [one for one in reader.topics if one.slug in topics and not one.subscribed]
        return self._preferences_page(language, token, reader, is_saved=True, refused=refused)

    def _leave_everything(self, language: str, token: str, purpose: Purpose) -> Response:
        reader = found(self._desk.leave_all(purpose, token))
        return self._page("left_everything", language, token, purpose, reader=reader)

    def _unsubscribe_page(self, language: str, token: str, reader: Reader) -> Response:
        topic = _own_topic(reader)
        if topic is None or not topic.subscribed:
            return self._left(language, token, reader)
        return self._page(
            "unsubscribe", language, token, Purpose.UNSUBSCRIBE, reader=reader, topic=topic
        )

    def _left(self, language: str, token: str, reader: Reader) -> Response:
        # A token may name no topic that still is one: then there is only everything to leave.
        topic = _own_topic(reader)
        return self._page("left", language, token, Purpose.UNSUBSCRIBE, reader=reader, topic=topic)

    def _preferences_page(
        self,
        language: str,
        token: str,
        reader: Reader,
        *,
        is_saved: bool = False,
        refused: Collection[ReaderTopic] = (),
    ) -> Response:
        return self._page(
            "preferences",
            language,
            token,
            Purpose.PREFERENCES,
            reader=reader,
            is_saved=is_saved,
            refused=refused,
        )

    def _page(
        self, template: str, language: str, token: str, purpose: Purpose, **facts: object
    ) -> Response:
        return self._writer.page(
            f"{template}.html.j2",
            language,
            lambda tag: f"/{tag}/{purpose}/{token}",
            form_address=f"/{language}/{purpose}/{token}",
            **facts,
        )

    def _language_of(self, reader: Reader) -> str:
        languages = self._site.languages
        return reader.language if reader.language in languages else languages[0]


def _own_topic(reader: Reader) -> ReaderTopic | None:
    return next((one for one in reader.topics if one.slug == reader.topic), None)
