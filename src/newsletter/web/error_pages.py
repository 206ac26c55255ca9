"""What readers see when something was not done, in their language or in all of the site's."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter.domain.errors import NewsletterError, SchemaMismatch
from newsletter.web.access_log import without_tokens
from newsletter.web.asked import path_asked, twin_paths
from newsletter.web.page_writer import PageWriter
from newsletter.web.site_pages import SitePages

_NOTICES: Mapping[int, str] = {
    HTTPStatus.BAD_REQUEST: "bad_form",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "wrong_method",
    HTTPStatus.GONE: "gone",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.TOO_MANY_REQUESTS: "too_many",
    HTTPStatus.SERVICE_UNAVAILABLE: "busy",
}
_TO_COME_AGAIN = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
SECONDS_TO_WAIT = 60

_log = logging.getLogger(__name__)


class ErrorPages:
    """Exception handlers: each shows nothing of the inside."""

    def __init__(self, site: SitePages, writer: PageWriter) -> None:
        self._site = site
        self._writer = writer

    def http(self, request: Request, error: Exception) -> Response:
        """What HTTP has a number for.

        Everything that is not found is the same page, byte for byte (T7): its twins are not at the
        same address but at the language's own, which is its home.
        """
        status = error.status_code if isinstance(error, HTTPException) else 500
        page = self._notice(_NOTICES.get(status, "failed"), request, status)
        if isinstance(error, HTTPException):
            page.headers.update(error.headers or {})
        return page

    def surroundings(self, request: Request, error: Exception) -> Response:
        """The database does not answer: the request is not lost, it may be made again."""
        what = error.what if isinstance(error, NewsletterError) else type(error).__name__
        path = path_asked(request)
        _log.error("%s %s not done: %s", request.method, without_tokens(path), what)
        notice = "maintenance" if isinstance(error, SchemaMismatch) else "busy"
        return self._notice(notice, request, 503, again=path)

    def unexpected(self, _request: Request, _error: Exception) -> Response:
        """A fault of ours, which the server logs."""
        return self._writer.notice("failed", self._site.languages, 500)

    def wrong_host(self) -> Response:
        """The answer to a request for a host that is not ours (X16)."""
        return self._writer.notice("wrong_host", self._site.languages, 400)

    def crowded(self) -> Response:
        """The answer to a request that comes while too many others are under way."""
        page = self._writer.notice("busy", self._site.languages, 503)
        page.headers["Retry-After"] = str(SECONDS_TO_WAIT)
        return page

    def _notice(
        self, notice: str, request: Request, status: int, *, again: str | None = None
    ) -> Response:
        languages = self._site.languages_of(request.scope["path"])
        address = _home if status == HTTPStatus.NOT_FOUND else twin_paths(request)
        page = self._writer.notice(
            notice,
            languages,
            status,
            address=address if len(languages) == 1 else None,
            again=again,
        )
        if status in _TO_COME_AGAIN:
            page.headers["Retry-After"] = str(SECONDS_TO_WAIT)
        return page


def _home(language: str) -> str:
    return f"/{language}/"
