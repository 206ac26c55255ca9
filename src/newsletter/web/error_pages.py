"""What readers see when something was not done, in their language or in all of the site's."""

from __future__ import annotations

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter.domain.errors import NewsletterError
from newsletter.web.asked import path_asked, twin_paths
from newsletter.web.page_writer import PageWriter
from newsletter.web.site_pages import SitePages

_NOTICES = {400: "bad_form", 404: "not_found", 405: "wrong_method", 413: "too_large"}
_SECONDS_TO_WAIT = 60

_log = logging.getLogger(__name__)


class ErrorPages:
    """Exception handlers: each shows nothing of the inside."""

    def __init__(self, site: SitePages, writer: PageWriter) -> None:
        self._site = site
        self._writer = writer

    def http(self, request: Request, error: Exception) -> Response:
        """What HTTP has a number for.

        Everything that is not found is the same page, byte for byte (T7): its twins are not at the
        same address but at the language's own, which has no page but this one.
        """
        status = error.status_code if isinstance(error, HTTPException) else 500
        languages = self._languages(request)
        address = (lambda tag: f"/{tag}/") if status == 404 else twin_paths(request)
        page = self._writer.notice(
            _NOTICES.get(status, "failed"),
            languages,
            status,
            address=address if len(languages) == 1 else None,
        )
        if isinstance(error, HTTPException):
            page.headers.update(error.headers or {})
        return page

    def surroundings(self, request: Request, error: Exception) -> Response:
        """The database does not answer: the request is not lost, it may be made again."""
        what = error.what if isinstance(error, NewsletterError) else type(error).__name__
        _log.error("%s not done: %s", request.method, what)
        languages = self._languages(request)
        page = self._writer.notice(
            "busy",
            languages,
            503,
            address=twin_paths(request) if len(languages) == 1 else None,
            again=path_asked(request),
        )
        page.headers["Retry-After"] = str(_SECONDS_TO_WAIT)
        return page

    def unexpected(self, _request: Request, _error: Exception) -> Response:
        """A fault of ours, which the server logs."""
        return self._writer.notice("failed", self._site.languages, 500)

    def wrong_host(self) -> Response:
        """The answer to a request for a host that is not ours (X16)."""
        return self._writer.notice("wrong_host", self._site.languages, 400)

    def _languages(self, request: Request) -> tuple[str, ...]:
        return self._site.languages_of(request.scope["path"])
