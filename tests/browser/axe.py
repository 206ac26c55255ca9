"""What axe-core finds wrong with a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

EXCEPTIONS: dict[str, str] = {}
"""Rules that are not asked about, each with the reason."""


def violations(page: Page) -> list[str]:
    """Each broken rule of WCAG 2.2, A and AA, with the elements that break it.

    Frames are left out: what stands in ours is asked about by itself.
    """
    options = {
        "runOnly": {"type": "tag", "values": list(TAGS)},
        "rules": {rule: {"enabled": False} for rule in EXCEPTIONS},
        "resultTypes": ["violations"],
        "iframes": False,
    }
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']}: {node['html'][:200]} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]
