"""What axe-core finds wrong with a page."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

EXCEPTIONS: dict[str, str] = {}
"""Rules that are not asked about, each with the reason."""


_RUN = """(options) => axe.run(options).then(({violations}) => violations.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`)))"""


def violations(page: Page) -> list[str]:
    """Each broken rule of WCAG 2.2, A and AA, with the elements that break it.

    Frames are left out: what stands in ours is asked about by itself.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {
        "runOnly": {"type": "tag", "values": list(TAGS)},
        "rules": {rule: {"enabled": False} for rule in EXCEPTIONS},
        "resultTypes": ["violations"],
        "iframes": False,
        # Else it asks for the stylesheets once more, by a way that our policies forbid.
        "preload": False,
    }
    found: list[str] = page.evaluate(_RUN, options)
    return found
