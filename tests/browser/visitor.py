"""A reader at a browser, who visits the real public pages at their own addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self, TypeVar

from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests.browser.axe import violations

Answer = TypeVar("Answer")

_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")
_HEIGHT = 900
_WIDER_THAN_SCREEN = "document.documentElement.scrollWidth > window.innerWidth"
_PATIENCE = 10_000.0


@dataclass(frozen=True, slots=True)
class Device:
    """What a reader has: how wide its screen is, in CSS pixels, whether it runs scripts, `light` or
    `dark`. One that does not heed a page's security policy can look into a sandbox."""

    width: int
    scripts: bool = True
    scheme: str = "light"
    forced_colours: bool = False
    heeds_policy: bool = True

    def __str__(self) -> str:
        return f"{self.width}-{'scripts' if self.scripts else 'no-scripts'}-{self.scheme}"


class ReadersBrowser:
    """Debian's Chromium, which finds `host` at a port of this machine and nothing else anywhere.

    It lives in a thread of its own, since playwright runs an event loop, and many tests start one
    of theirs.
    """

    def __init__(self, executable: str, *, host: str, port: int) -> None:
        self._executable = executable
        self._rules = f"MAP {host}:443 127.0.0.1:{port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="visitor")

    def __enter__(self) -> Self:
        self._thread.submit(self._start).result()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.submit(self._stop).result()
        self._thread.shutdown()

    @contextmanager
    def visitor(self, device: Device) -> Iterator[Visitor]:
        """A reader with this device, who has never been here before."""
        page = self._thread.submit(self._new_page, device).result()
        try:
            yield Visitor(page, self._thread, device)
        finally:
            self._thread.submit(page.context.close).result()

    def _start(self) -> None:
        self._playwright = sync_playwright().start()
        self._browser: Browser = self._playwright.chromium.launch(
            executable_path=self._executable,
            args=[*_FLAGS, f"--host-resolver-rules={self._rules}"],
        )

    def _stop(self) -> None:
        self._browser.close()
        self._playwright.stop()

    def _new_page(self, device: Device) -> Page:
        context = self._browser.new_context(
            viewport={"width": device.width, "height": _HEIGHT},
            java_script_enabled=device.scripts,
            color_scheme="dark" if device.scheme == "dark" else "light",
            forced_colors="active" if device.forced_colours else "none",
            bypass_csp=not device.heeds_policy,
            ignore_https_errors=True,  # the certificate is of an authority of the test's own
        )
        context.set_default_timeout(_PATIENCE)
        return context.new_page()


@dataclass
class Visitor:
    """A reader at a page. `asked_for` are all addresses that it asked for, `said` is what the
    browser complained about."""

    _page: Page
    _thread: ThreadPoolExecutor
    device: Device
    asked_for: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._do(self._listen)

    def open(self, address: str) -> int:
        """Opens an address, and gives the status of the answer."""

        def opened(page: Page) -> int:
            answer = page.goto(address, wait_until="load")
            return answer.status if answer else 0

        return self._do(opened)

    def press(self, button: str) -> None:
        """Presses the button with these words, and waits for what comes."""
        self._find("button", button)
        self._do(lambda page: page.get_by_role("button", name=button, exact=True).click())
        self._do(lambda page: page.wait_for_load_state("load"))

    def follow(self, link: str) -> None:
        """Follows the link with these words."""
        self._find("link", link)
        self._do(lambda page: page.get_by_role("link", name=link, exact=True).first.click())
        self._do(lambda page: page.wait_for_load_state("load"))

    def fill(self, label: str, text: str) -> None:
        """Writes into the field that this label is of."""
        self._do(lambda page: page.get_by_label(label, exact=True).fill(text))

    def choose(self, label: str, *, chosen: bool = True) -> None:
        """Ticks, or unticks, what this label is of."""
        self._do(lambda page: page.get_by_label(label, exact=True).set_checked(chosen))

    def select(self, label: str, option: str) -> None:
        """Chooses an option of the list that this label is of."""
        self._do(lambda page: page.get_by_label(label, exact=True).select_option(label=option))

    @property
    def address(self) -> str:
        """Where the reader is."""
        return self._do(lambda page: page.url)

    @property
    def heading(self) -> str:
        """The words of the only h1."""
        return self._do(lambda page: page.locator("h1").inner_text().strip())

    @property
    def words(self) -> str:
        """All that can be read."""
        return self._do(lambda page: page.locator("body").inner_text())

    @property
    def html(self) -> str:
        """The document as it came."""
        return self._do(lambda page: page.content())

    @property
    def language(self) -> str | None:
        """The language that the page says it is in."""
        return self._do(lambda page: page.locator("html").get_attribute("lang"))

    @property
    def is_wider_than_screen(self) -> bool:
        """Whether one has to scroll sideways; only a device with scripts can say."""
        return bool(self._do(lambda page: page.evaluate(_WIDER_THAN_SCREEN)))

    def violations(self) -> list[str]:
        """What axe-core finds wrong; only a device with scripts can run it."""
        return self._do(violations)

    def picture(self, file: Path) -> None:
        """Takes a picture of the whole page."""
        self._do(lambda page: page.screenshot(path=file, full_page=True))

    def _find(self, role: Literal["button", "link"], words: str) -> None:
        """Fails at once, and says what is on the page, where there is nothing of the kind."""
        found = self._do(lambda page: page.get_by_role(role, name=words, exact=True).count())
        assert found, f"no {role} {words!r} on the page: {self.words}"

    def _listen(self, page: Page) -> None:
        def note(request: Request) -> None:
            self.asked_for.append(request.url)

        page.on("request", note)
        page.on("console", lambda message: self.said.append(f"{message.text} {message.location}"))
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def _do(self, act: Callable[[Page], Answer]) -> Answer:
        return self._thread.submit(act, self._page).result()
