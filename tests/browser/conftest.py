"""One browser for all tests in this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.chromium import Chromium, chromium_file


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """The browser; where there is none, the test is skipped (and fails with --no-skips)."""
    executable = chromium_file()
    if executable is None:
        pytest.skip("chromium is not installed: apt-get install chromium fonts-liberation")
    with Chromium(executable) as started:
        yield started
