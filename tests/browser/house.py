"""A house whose public pages answer at their own address for a browser on this machine."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.browser.visitor import ReadersBrowser
from tests.published_site import Application, PublishedSite

BASE = "https://news.example.org"
_NAME = str(urlsplit(BASE).hostname)


class Host:
    """The web server of news.example.org, which answers with one application after the other."""

    def __init__(self, site: PublishedSite) -> None:
        self._site = site
        self._application: Application | None = None

    def post(self, path: str, body: str) -> int:
        """Posts a form as a mail program does: on a connection of its own, without cookies and
        following nothing; gives the status of the answer."""
        connection = HTTPSConnection("127.0.0.1", self._site.port, context=self._unnamed())
        try:
            form = {"Content-Type": "application/x-www-form-urlencoded", "Host": _NAME}
            connection.request("POST", path, body, form)
            return connection.getresponse().status
        finally:
            connection.close()

    def _unnamed(self) -> ssl.SSLContext:
        """The certificate is of the name, and this machine knows it by its address."""
        self._site.trust.check_hostname = False
        return self._site.trust

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Hands a request to the application that answers at present."""
        if self._application is None:
            raise RuntimeError("nobody answers at present")
        await self._application(scope, receive, send)

    @contextmanager
    def answering(self, application: Application) -> Iterator[None]:
        """The application answers for the block."""
        self._application = application
        try:
            yield
        finally:
            self._application = None


@contextmanager
def published_host(folder: Path, executable: str) -> Iterator[tuple[Host, ReadersBrowser]]:
    """The web server, and a browser that finds it, until the block ends."""
    site = PublishedSite(folder, name=_NAME)
    host = Host(site)
    with (
        site.answering(host),
        ReadersBrowser(executable, host=_NAME, port=site.port) as browser,
    ):
        yield host, browser
