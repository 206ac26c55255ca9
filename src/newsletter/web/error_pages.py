"""What a reader sees when something is not done: why, in plain words, and nothing of the inside."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsletter.domain.errors import SurroundingsFailed
from newsletter.web.page_writer import PageWriter
from newsletter.web.site_pages import SitePages

_LOG = logging.getLogger(__name__)
_RETRY_AFTER_SECONDS = 30

Handler: TypeAlias = Callable[[Request, Exception], Response]

_NOTICES = {
    HTTPStatus.BAD_REQUEST: "bad_form",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "wrong_method",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
}


class ErrorPages:
    """Writes the page for each thing that can go wrong."""

    def __init__(self, site: SitePages, writer: PageWriter) -> None:
        self._site = site
        self._writer = writer

    def handlers(self) -> Mapping[int | type[Exception], Handler]:
        """Which page answers to which status or error, as Starlette takes them."""
        return {status.value: self._refused for status in _NOTICES} | {
            SurroundingsFailed: self._busy,
            Exception: self._broken,
        }

    def wrong_host(self) -> Response:
        """For a host name that is not ours, whatever the path."""
        return self._writer.notice("wrong_host", self._site.languages, HTTPStatus.BAD_REQUEST)

    def _refused(self, request: Request, error: Exception) -> Response:
        status, headers = HTTPStatus.NOT_FOUND, None
        if isinstance(error, HTTPException):
            status, headers = HTTPStatus(error.status_code), error.headers
        return self._notice(request, _NOTICES[status], status, headers)

    def _busy(self, request: Request, error: Exception) -> Response:
        # A mail provider that unsubscribes for a reader tries again on 503, and on nothing else.
        _LOG.warning("answered 503: %s", error)
        headers = {"Retry-After": str(_RETRY_AFTER_SECONDS)}
        return self._notice(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE, headers)

    def _broken(self, _request: Request, _error: Exception) -> Response:
        # In all languages: whatever broke may have been what finds the language.
        languages = self._site.languages
        return self._writer.notice("broken", languages, HTTPStatus.INTERNAL_SERVER_ERROR)

    def _notice(
        self,
        request: Request,
        notice: str,
        status: HTTPStatus,
        headers: Mapping[str, str] | None,
    ) -> Response:
        languages = self._site.languages_of(request.url.path)
        return self._writer.notice(notice, languages, status, headers)
