"""One browser for all tests in this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.chromium import Chromium, chromium_file
from tests.browser.house import Host, published_host
from tests.browser.visitor import ReadersBrowser


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """The browser; where there is none, the test is skipped (and fails with --no-skips)."""
    with Chromium(_executable()) as started:
        yield started


@pytest.fixture(scope="session")
def _published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Host, ReadersBrowser]]:
    with published_host(tmp_path_factory.mktemp("host"), _executable()) as published:
        yield published


@pytest.fixture(scope="session")
def host(_published: tuple[Host, ReadersBrowser]) -> Host:
    """The web server of news.example.org."""
    return _published[0]


@pytest.fixture(scope="session")
def readers_browser(_published: tuple[Host, ReadersBrowser]) -> ReadersBrowser:
    """A browser that finds it."""
    return _published[1]


def _executable() -> str:
    executable = chromium_file()
    if executable is None:
        pytest.skip("chromium is not installed: apt-get install chromium fonts-liberation")
    return executable
