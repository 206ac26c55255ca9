"""Debian's Chromium, which opens mails and pages from disk, and answers questions about them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Protocol, Self, TypeVar

from playwright.sync_api import Page, Route, sync_playwright

Answer = TypeVar("Answer")
Question = Callable[[Page], Answer]

MAIL_ADDRESS = "https://news.example.org/mail"
_HEIGHT = 900
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")


class Showable(Protocol):
    """A document as a browser gets it, and what it may fetch, by address."""

    @property
    def html(self) -> str: ...

    @property
    def media(self) -> Mapping[str, bytes]: ...


@dataclass(frozen=True, slots=True)
class Screen:
    """What a page is shown on: a width in CSS pixels, and `light` or `dark`."""

    width: int
    scheme: str

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}"


def chromium_file() -> str | None:
    """Where Chromium is, or None where it is not installed."""
    return shutil.which("chromium")


class Chromium:
    """One browser with one page, until the `with` block ends.

    It lives in a thread of its own, since playwright runs an event loop, and many tests start one
    of theirs. Nothing that a page asks for leaves this machine: a mail's own media are answered,
    a page from disk may read what lies on it, and all else is refused and remembered.
    """

    def __init__(self, executable: str) -> None:
        self._executable = executable
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chromium")
        self._answers: dict[str, bytes] = {}
        self._open = ""
        self.asked_for: list[str] = []
        self.said: list[str] = []

    def __enter__(self) -> Self:
        self._thread.submit(self._start).result()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.submit(self._stop).result()
        self._thread.shutdown()

    @property
    def refused(self) -> list[str]:
        """What the open page asked of others than this mail's own media, or this disk."""
        return [
            one
            for one in self.asked_for
            if one not in self._answers and not one.startswith(("file:", "data:"))
        ]

    def mail(self, mail: Showable, screen: Screen, question: Question[Answer]) -> Answer:
        """The answer to `question` about the mail, or the page, on this screen."""
        page = mail.html.encode()
        # Two mails may have one name: an address of the words opens each of them.
        address = f"{MAIL_ADDRESS}/{sha256(page).hexdigest()}"
        answers = {**mail.media, address: page}
        return self._thread.submit(self._ask, address, answers, screen, question).result()

    def file(self, file: Path, screen: Screen, question: Question[Answer]) -> Answer:
        """The answer to `question` about a page from disk on this screen."""
        return self._thread.submit(self._ask, file.as_uri(), {}, screen, question).result()

    def _ask(
        self,
        address: str,
        answers: dict[str, bytes],
        screen: Screen,
        question: Question[Answer],
    ) -> Answer:
        page = self._page
        page.set_viewport_size({"width": screen.width, "height": _HEIGHT})
        page.emulate_media(color_scheme="dark" if screen.scheme == "dark" else "light")
        if address != self._open:
            self._answers, self._open = answers, address
            self.asked_for.clear()
            self.said.clear()
            page.goto(address, wait_until="load")
        return question(page)

    def _start(self) -> None:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=self._executable, args=list(_FLAGS)
        )
        self._page = self._browser.new_page()
        self._page.route("**/*", self._answer)
        self._page.on("console", lambda message: self.said.append(message.text))
        self._page.on("pageerror", lambda error: self.said.append(str(error)))

    def _stop(self) -> None:
        self._browser.close()
        self._playwright.stop()

    def _answer(self, route: Route) -> None:
        address = route.request.url
        self.asked_for.append(address)
        if address.startswith("file:"):
            route.continue_()
        elif address in self._answers:
            _type = "text/html; charset=utf-8" if address.startswith(MAIL_ADDRESS) else None
            route.fulfill(body=self._answers[address], content_type=_type)
        else:
            route.abort()


def evaluated(expression: str, argument: object = None) -> Question[object]:
    """A question that a line of JavaScript answers."""
    return partial(_evaluate, expression, argument)


def _evaluate(expression: str, argument: object, page: Page) -> object:
    return page.evaluate(expression, argument)
